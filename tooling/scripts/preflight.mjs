// Plain JavaScript on purpose: it has to run on the Node that is there to say that it is too old.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Baoke runs on Node 24, which it brings along for Linux and macOS (x64, arm64); here it runs on ${process.versions.node} (${process.platform}-${process.arch}). ` +
      'Run it through pnpm (npx -y pnpm@12.21.0 start) so that its own Node is found, or install Node 22.18 or later.\n',
  );
  process.exit(1);
}
