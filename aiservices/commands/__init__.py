"""The commands of the program `aiservices`: each module adds its arguments, and runs with what was given."""
