// `aiservices serve` for the tests of an application: started, told what to do, asked what was called, stopped.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Start the server at a free port; AWS is there from now on, for this process. */
export async function serve() {
  const server = spawn("aiservices", ["serve", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((found, failed) => {
    server.once("error", () => failed(new Error('aiservices is not there: pip install "aiservices[server]"')));
    server.once("exit", (code) => failed(new Error(`aiservices ended with ${code}`)));
    createInterface({ input: server.stdout }).once("line", (line) => found(/http:\S+(?=;)/.exec(line)[0]));
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });

  async function ask(method, name, body) {
    const reply = await fetch(`${url}/_aiservices/${name}`, { method, body: body && JSON.stringify(body) });
    const told = await reply.json();
    if (!reply.ok) throw new Error(told.message);
    return told;
  }

  return {
    reset: () => ask("POST", "reset"),
    script: (rule) => ask("POST", "script", rule),
    async calls(operation) {
      const { calls } = await ask("GET", "calls");
      return calls.filter((call) => `${call.service}.${call.operation}` === operation);
    },
    stop: () => server.kill(),
  };
}
