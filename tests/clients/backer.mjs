// A backer's own program: it knows the contracts' published ABI, the HTTP API and ethers, and nothing else of Backstake.
//
//   BACKER_KEY=0x… node backer.mjs deposit|exit|claim|position --app URL --rpc URL --vault 0x… --nmr 0x… --abi Vault.json [--units N]
//
// It signs in, has its transactions prepared, checks that their bytes say what it asked for, and sends them from its own wallet. It prints one line of JSON; `refused` is the API's code.
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Interface, JsonRpcProvider, Wallet, formatEther, getAddress, keccak256, parseEther } from 'ethers';

const { values: option, positionals: [step] } = parseArgs({
  allowPositionals: true,
  options: { app: { type: 'string' }, rpc: { type: 'string' }, vault: { type: 'string' }, nmr: { type: 'string' }, abi: { type: 'string' }, units: { type: 'string', default: '1' } },
});
const vaultAbi = new Interface(JSON.parse(readFileSync(option.abi, 'utf8')).abi);
const nmrAbi = new Interface(['function approve(address spender, uint256 amount)', 'function balanceOf(address holder) view returns (uint256)']);
const provider = new JsonRpcProvider(option.rpc, undefined, { cacheTimeout: -1, polling: true, pollingInterval: 50 });
const wallet = new Wallet(process.env.BACKER_KEY, provider);
const vault = getAddress(option.vault);
const nmr = getAddress(option.nmr);

class Refused extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

let token;

async function api(method, path, body) {
  const headers = { accept: 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) headers['content-type'] = 'application/json';
  if (method === 'POST') headers['idempotency-key'] = randomUUID();
  const answer = await fetch(new URL(`api/${path}`, option.app), { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Refused(JSON.parse(text));
  return text ? JSON.parse(text) : null;
}

async function signIn() {
  const { message } = await api('POST', 'auth/nonce', { address: wallet.address });
  ({ token } = await api('POST', 'auth/sessions', { message, signature: await wallet.signMessage(message) }));
}

/** What the API prepared must be what was asked: its bytes are decoded here, by the published ABI, and encoded again. */
function check(call) {
  const isNmr = call.to === nmr;
  if (!isNmr && call.to !== vault) throw new Error(`A call of ${call.to} was prepared.`);
  const abi = isNmr ? nmrAbi : vaultAbi;
  const said = abi.parseTransaction({ data: call.data });
  if (!said || abi.encodeFunctionData(said.fragment, said.args) !== call.data) throw new Error('The calldata has something in it that the ABI has not.');
  if (keccak256(call.data) !== call.digest) throw new Error('The digest is not that of the calldata.');
  if (call.value !== '0') throw new Error('Ether is asked for.');
  if (!call.function.startsWith(`${said.name}(`)) throw new Error(`${call.function} was said, ${said.name} is called.`);
  said.fragment.inputs.forEach((input, i) => {
    const { type, value } = call.arguments[i];
    if (type !== input.type || value !== String(said.args[i])) throw new Error(`Argument ${i} of ${said.name}: ${value} was said, ${said.args[i]} is meant.`);
  });
  return said;
}

/** The wallet's NMR, in wei. */
async function balance() {
  const word = await provider.call({ to: nmr, data: nmrAbi.encodeFunctionData('balanceOf', [wallet.address]) });
  return nmrAbi.decodeFunctionResult('balanceOf', word)[0];
}

async function act(asked, allowed) {
  const before = await balance();
  const { chainId, transactions } = await api('POST', `vaults/${option.vault}/transactions`, asked);
  if (BigInt(chainId) !== (await provider.getNetwork()).chainId) throw new Error(`Transactions for chain ${chainId} were prepared.`);
  const sent = [];
  for (const call of transactions) {
    const said = check(call);
    if (!allowed.includes(said.name)) throw new Error(`${said.name} was prepared for ${asked.act}.`);
    if (said.name === 'approve' && said.args[0] !== vault) throw new Error(`An approval of ${said.args[0]} was prepared.`);
    const receipt = await (await wallet.sendTransaction({ to: call.to, data: call.data })).wait();
    sent.push({ hash: receipt.hash, name: said.name });
  }
  return { sent, moved: formatEther(await balance() - before) };
}

const steps = {
  async deposit() {
    const [offer] = (await api('GET', `vaults/${option.vault}`)).offers;
    const units = Number(option.units);
    const quote = await api('POST', 'quotes', { vault: option.vault, terms: offer.terms, units });
    const done = await act({ act: 'deposit', terms: offer.terms, units }, ['approve', 'deposit']);
    if (parseEther(done.moved) !== -parseEther(offer.unitSize) * BigInt(units)) throw new Error(`${done.moved} NMR went for ${units} units of ${offer.unitSize}.`);
    const told = await api('POST', 'deposits', { txHash: done.sent.at(-1).hash });
    return { ...done, accepted: quote.dates.accepted, told: told.vaults };
  },
  async exit() {
    const live = (await api('GET', `vaults/${option.vault}/position`)).holdings.find(one => one.state === 'live' && one.askedOut < one.units);
    if (!live) return { refused: 'nothingLive' };
    return act({ act: 'exit', terms: live.terms, entryWeek: live.entryWeek, units: live.units, payout: live.payout }, ['exit']);
  },
  claim: () => act({ act: 'claim' }, ['claim']),
  async position() {
    const { worth, holdings } = await api('GET', `vaults/${option.vault}/position`);
    const { booked, claimed, claimable } = await api('GET', `vaults/${option.vault}/payments`);
    return { worth, holdings: holdings.map(one => one.state), booked, claimed, claimable, wallet: formatEther(await balance()) };
  },
};

try {
  await signIn();
  console.log(JSON.stringify(await steps[step]()));
} catch (refusal) {
  if (!(refusal instanceof Refused)) throw refusal;
  console.log(JSON.stringify({ refused: refusal.problem.code, detail: refusal.message }));
} finally {
  provider.destroy();
}
