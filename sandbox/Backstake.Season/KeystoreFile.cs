using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nethereum.Util;

namespace Backstake.Season;

/// <summary>Writes a keystore of version 3, as a wallet does; with few rounds, since what it holds protects nothing.</summary>
public static class KeystoreFile
{
    const int Rounds = 1000;

    public static void Write(string path, string privateKey, string password)
    {
        var (salt, iv, secret) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(16), Convert.FromHexString(privateKey.Replace("0x", "", StringComparison.Ordinal)));
        var key = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Rounds, HashAlgorithmName.SHA256, 32);
        var cipher = Counter(secret, key[..16], iv);
        File.WriteAllText(path, new JsonObject
        {
            ["version"] = 3,
            ["crypto"] = new JsonObject
            {
                ["cipher"] = "aes-128-ctr", ["cipherparams"] = new JsonObject { ["iv"] = Convert.ToHexStringLower(iv) }, ["ciphertext"] = Convert.ToHexStringLower(cipher), ["kdf"] = "pbkdf2",
                ["kdfparams"] = new JsonObject { ["c"] = Rounds, ["dklen"] = 32, ["prf"] = "hmac-sha256", ["salt"] = Convert.ToHexStringLower(salt) },
                ["mac"] = Convert.ToHexStringLower(Sha3Keccack.Current.CalculateHash([.. key[16..32], .. cipher])),
            },
        }.ToJsonString());
    }

    /// <summary>AES in counter mode: two blocks.</summary>
    static byte[] Counter(byte[] plain, byte[] key, byte[] iv)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var (counter, cipher) = ((byte[])iv.Clone(), new byte[plain.Length]);
        for (var at = 0; at < plain.Length; at += 16)
        {
            var block = aes.EncryptEcb(counter, PaddingMode.None);
            for (var i = 0; i < 16 && at + i < plain.Length; i++) cipher[at + i] = (byte)(plain[at + i] ^ block[i]);
            for (var i = 15; i >= 0 && ++counter[i] == 0; i--)
            {
            }
        }

        return cipher;
    }
}
