#!/usr/bin/env node
// Starts the program that the package of this platform brings, and ends as it ends.
const { spawn } = require("child_process");
const { constants } = require("os");

function refuse(text) {
  console.error(`gatecheck: ${text}`);
  process.exit(3);
}

function program() {
  const platform = `gatecheck-apisix-${process.platform}-${process.arch}`;
  try {
    return require.resolve(`${platform}/bin/gatecheck`);
  } catch {
    return refuse(`the package ${platform} is not there: npm install without --omit=optional, on a system that has one`);
  }
}

const child = spawn(program(), process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => refuse(error.message));
child.on("exit", (status, signal) => process.exit(signal ? 128 + constants.signals[signal] : status));
process.on("SIGINT", () => {}); // the terminal gives it to both
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
