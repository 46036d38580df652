// The vectors that contracts, C# and JavaScript have in common, computed here with ethers, as wallets do:
//   node contracts/test/vectors/check.mjs            compares; exit status 1 names the first difference
//   node contracts/test/vectors/check.mjs --write    fills in what follows from the inputs
// terms.json: the terms id (EIP-712 struct hash), the digest that the owner signs, and his signature (CONTRACT.md "Decided" 13).
// sum-tree.json: the books' root, and for each leaf the way to it (contracts/src/SumTree.sol).
import { readFileSync, writeFileSync } from "node:fs";
import { AbiCoder, SigningKey, TypedDataEncoder, computeAddress, keccak256, solidityPacked } from "ethers";

const TERMS = {
  Terms: [
    ["address", "vault"], ["uint96", "unitSize"], ["uint16", "profitShareBps"], ["uint16", "lossShareBps"], ["uint16", "reserveBps"], ["uint8", "crystallisation"],
    ["uint16", "clawBackWeeks"], ["uint16", "compoundingWeeks"], ["uint16", "lockupWeeks"], ["uint16", "upfrontFeeBps"], ["uint16", "houseMinBps"],
  ].map(([type, name]) => ({ name, type })),
};

function signedTerms({ chainId, vault, terms, key }) {
  const domain = { name: "Backstake", version: "1", chainId, verifyingContract: vault };
  const message = { vault, ...terms };
  const digest = TypedDataEncoder.hash(domain, TERMS, message);
  return {
    id: TypedDataEncoder.hashStruct("Terms", TERMS, message),
    digest,
    owner: computeAddress(key),
    signature: new SigningKey(key).sign(digest).serialized,
  };
}

const encode = (types, values) => keccak256(AbiCoder.defaultAbiCoder().encode(types, values));

function sumTree({ leaves, cover, digest }) {
  let level = leaves.map(({ series, exitWeek, units, value }) => ({
    hash: keccak256(solidityPacked(["uint256", "uint32", "uint64", "uint88"], [series, exitWeek, units, value])),
    sum: BigInt(units) * BigInt(value),
  }));
  while (level.length & (level.length - 1)) level.push({ hash: "0x" + "00".repeat(32), sum: 0n });
  const proofs = leaves.map(() => ({ siblings: [], sums: [] }));
  for (let height = 0; level.length > 1; height++) {
    proofs.forEach((proof, leaf) => {
      const sibling = level[(leaf >> height) ^ 1];
      proof.siblings.push(sibling.hash);
      proof.sums.push(sibling.sum.toString());
    });
    level = level.flatMap((left, at) => at & 1 ? [] : [{
      hash: encode(["bytes32", "uint256", "bytes32", "uint256"], [left.hash, left.sum, level[at + 1].hash, level[at + 1].sum]),
      sum: left.sum + level[at + 1].sum,
    }]);
  }
  const [{ hash: tree, sum }] = level;
  return { tree, total: sum.toString(), root: encode(["bytes32", "uint256", "uint256", "bytes32"], [tree, sum, cover, digest]), proofs };
}

let checked = 0;
for (const [name, follows] of [["terms.json", signedTerms], ["sum-tree.json", sumTree]]) {
  const file = new URL(name, import.meta.url);
  const { vectors } = JSON.parse(readFileSync(file, "utf8"));
  if (process.argv.includes("--write")) {
    const lines = vectors.map((vector) => JSON.stringify({ ...vector, ...follows(vector) }));
    writeFileSync(file, `{"vectors":[\n${lines.join(",\n")}\n]}\n`);
  }
  for (const vector of vectors) {
    for (const [key, ours] of Object.entries(follows(vector))) {
      if (JSON.stringify(ours) !== JSON.stringify(vector[key]) && !process.argv.includes("--write")) {
        console.error(`${name}, "${vector.name}", ${key}: the file has ${JSON.stringify(vector[key])}, it follows ${JSON.stringify(ours)}`);
        process.exit(1);
      }
    }
    checked++;
  }
}
console.log(`${checked} vectors`);
