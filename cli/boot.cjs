'use strict';
/*
 * The first thing that runs, on whatever Node the machine has: makes sure that the packages and Node 24 are there,
 * then hands over to cli/main.ts. CommonJS in ES2018 syntax, so that an old Node gets to print why it is refused.
 */
const oldestNode = 18;
const neededNode = 24;

refuseOldNode();

const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const { enableCompileCache } = require('node:module');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const modules = path.join(root, 'node_modules');
const nodePackage = path.join(modules, 'node');
const nodeBinary = path.join(nodePackage, 'bin', 'node');
/** Holds the hash of the lock file that node_modules was last found to agree with. */
const stampFile = path.join(modules, '.sightline-install');
const lockFile = path.join(root, '.sightline', 'install.lock');
/** The holder of the lock touches it every second; one not touched for so long (ms) is a dead process's. */
const lockStaleMs = 15000;

/** Before anything is required, because an old Node does not know `node:` names. */
function refuseOldNode() {
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return;
  fail(
    'SL1001',
    `Node ${process.versions.node} is too old: Sightline starts from Node ${oldestNode} and brings Node ${neededNode} itself`,
    process.execPath,
    `install Node ${oldestNode} or newer (https://nodejs.org), for example: nvm install ${neededNode}`,
  );
}

function fail(code, what, where, fix) {
  const red = process.stderr.isTTY && !process.env.NO_COLOR ? ['\x1b[31m', '\x1b[39m'] : ['', ''];
  process.stderr.write(`${red[0]}${code}${red[1]} ${what}\n  where: ${where}\n  fix: ${fix}\n`);
  process.exit(1);
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (_error) {
    return undefined;
  }
}

/** Whether node_modules holds what package-lock.json asks for. */
function isInstalled() {
  const lockText = readText(path.join(root, 'package-lock.json')) || '';
  const hash = createHash('sha256').update(lockText).digest('hex');
  if (readText(stampFile) === hash) return true;
  // Installed by hand, or the lock file changed: npm's own note of what it installed decides, and what is there,
  // because `npm install --package-lock-only` notes what it did not install.
  const noteText = readText(path.join(modules, '.package-lock.json'));
  if (noteText === undefined) return false;
  const wanted = JSON.parse(lockText).packages;
  const installed = JSON.parse(noteText).packages;
  const isThere = (key) =>
    installed[key] && installed[key].version === wanted[key].version && fs.existsSync(path.join(root, key));
  const agrees = Object.keys(wanted).every((key) => key === '' || wanted[key].optional || isThere(key));
  if (agrees) writeStamp(hash);
  return agrees;
}

function writeStamp(hash) {
  try {
    fs.writeFileSync(stampFile, hash);
  } catch (_error) {
    // A clone that cannot be written only loses the short cut.
  }
}

/** Takes the lock, or gives false when another process holds it. */
function tryLock() {
  try {
    fs.mkdirSync(path.dirname(lockFile), { recursive: true });
    fs.writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') {
      fail(
        'SL1005',
        `nothing can be installed here: ${error.message}`,
        root,
        'make the clone writable for this user',
      );
    }
    if (isLockDead()) {
      // Renamed first, so that of two who find it dead only one removes it.
      try {
        const aside = `${lockFile}.${process.pid}`;
        fs.renameSync(lockFile, aside);
        fs.unlinkSync(aside);
      } catch (_gone) {
        // The other one was quicker.
      }
    }
    return false;
  }
}

function isLockDead() {
  try {
    if (Date.now() - fs.statSync(lockFile).mtimeMs > lockStaleMs) return true;
    process.kill(Number(readText(lockFile)), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function countInstalled() {
  const list = (directory) => {
    try {
      return fs.readdirSync(directory).filter((name) => !name.startsWith('.'));
    } catch (_error) {
      return [];
    }
  };
  return list(modules).reduce(
    (sum, name) => sum + (name[0] === '@' ? list(path.join(modules, name)).length : 1),
    0,
  );
}

/** Packages of the top level that npm will install on this platform. */
function countWanted() {
  const { packages } = JSON.parse(readText(path.join(root, 'package-lock.json')));
  const fits = ({ os, cpu }) =>
    (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch));
  const isTop = (key) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(key);
  return Object.keys(packages).filter((key) => isTop(key) && fits(packages[key])).length;
}

/** Shows what goes on: one line repainted on a terminal, else a line every ten seconds. Gives how to end it. */
function showProgress(describe) {
  const startedAt = Date.now();
  let ticks = 0;
  const show = () => {
    const line = `${describe()}, ${Math.round((Date.now() - startedAt) / 1000)}s`;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
    else if (ticks % 10 === 0) process.stderr.write(`${line}\n`);
    ticks += 1;
  };
  show();
  const timer = setInterval(show, 1000);
  return () => {
    clearInterval(timer);
    show();
    if (process.stderr.isTTY) process.stderr.write('\n');
  };
}

/** Runs a command to its end with its output kept; resolves with its exit code and the output's first 16 KB. */
function run(command, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(0, 16384);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ code: error.code, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

async function install() {
  while (!tryLock()) {
    const done = showProgress(() => 'Waiting for another command that installs the packages');
    while (fs.existsSync(lockFile) && !isLockDead()) await new Promise((resolve) => setTimeout(resolve, 300));
    done();
    if (isComplete()) return;
  }
  const touching = setInterval(() => fs.utimesSync(lockFile, new Date(), new Date()), 1000);
  const unlock = () => {
    try {
      fs.unlinkSync(lockFile);
    } catch (_error) {
      // Taken over by another command, because this one was asleep.
    }
  };
  process.once('exit', unlock);
  if (!isInstalled()) await installPackages();
  if (!fs.existsSync(nodeBinary)) await installNode();
  clearInterval(touching);
  process.removeListener('exit', unlock);
  unlock();
}

async function installPackages() {
  const total = countWanted();
  const done = showProgress(
    () => `Installing packages (npm ci): ${Math.min(countInstalled(), total)} of ${total}`,
  );
  const result = await run('npm', ['ci', '--no-audit', '--no-fund', '--include=dev', '--no-progress'], root);
  done();
  if (result.code === 'ENOENT') {
    fail('SL1002', 'npm is missing', 'PATH', 'install npm (it comes with Node: https://nodejs.org)');
  }
  if (result.code !== 0) {
    const said = result.output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
    const message = said
      .filter((line) => !/complete log|^npm (error|ERR!)\s*$/.test(line))
      .slice(0, 8)
      .join('\n    ');
    fail(
      'SL1003',
      `npm ci failed (exit code ${result.code}):\n    ${message || result.output.trim()}`,
      root,
      'mend what npm says (network, proxy, disk, registry), then run the command again',
    );
  }
  isInstalled();
}

/** npm did not run the package's install script (ignore-scripts, allowScripts), so it is run here. */
async function installNode() {
  const done = showProgress(() => `Installing Node ${neededNode} (npm package node)`);
  const result = await run(
    process.execPath,
    [path.join(nodePackage, 'installArchSpecificPackage.js')],
    nodePackage,
  );
  done();
  if (!fs.existsSync(nodeBinary)) noNode(result.output.trim().split('\n').slice(-4).join('\n    '));
}

function noNode(reason) {
  fail(
    'SL1004',
    `Node ${neededNode} could not be had for ${process.platform} ${process.arch}: ${reason}`,
    nodeBinary,
    `install Node ${neededNode} or newer yourself and run the command with it`,
  );
}

/**
 * Lets this command and all that it starts keep what they compiled for the next one. Node has a folder for each of its
 * versions in there, replaces what has changed, and does without where it cannot write.
 */
function keepCompiled() {
  if (process.env.NODE_COMPILE_CACHE === undefined) {
    process.env.NODE_COMPILE_CACHE = path.join(modules, '.cache', 'node-compile');
  }
  // The variable is for processes that start after it was set.
  if (hasNeededNode()) enableCompileCache(process.env.NODE_COMPILE_CACHE);
}

function hasNeededNode() {
  return Number(process.versions.node.split('.')[0]) >= neededNode;
}

function isComplete() {
  return isInstalled() && (hasNeededNode() || fs.existsSync(nodeBinary));
}

/** Runs cli/main.ts under Node 24 as if it were this process: same terminal, signals passed on, same exit. */
function handOver(main, args) {
  if (hasNeededNode()) {
    process.argv = [process.execPath, main].concat(args);
    import(main);
    return;
  }
  const child = spawn(nodeBinary, [main].concat(args), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => noNode(error.message));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function boot() {
  if (!isComplete()) await install();
  keepCompiled();
  handOver(path.join(root, 'cli', 'main.ts'), process.argv.slice(2));
}

boot();
