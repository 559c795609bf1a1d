"""Real clients of AWS against `aiservices serve`: a folder for each, with the packages it is pinned to.

A folder's tests are `check_*.py`, run by pytest, or `*.test.mjs` beside a package.json, run by Node. `make test` takes
neither. They find the server as an application does: by AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and so on.
"""
