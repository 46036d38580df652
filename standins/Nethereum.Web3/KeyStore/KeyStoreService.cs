using System.Security.Cryptography;
using System.Text;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.KeyStore.Crypto;
using Nethereum.Util;
using Newtonsoft.Json.Linq;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace Nethereum.KeyStore
{
    /// <summary>Keystore files, version 3 of the Web3 secret storage definition. Scrypt with r = 1 and n of 65536 or more, which no wallet writes, is refused here alone.</summary>
    public class KeyStoreService
    {
        /// <summary>The private key, 32 bytes.</summary>
        /// <exception cref="DecryptionException">The password is wrong.</exception>
        public byte[] DecryptKeyStoreFromJson(string password, string json)
        {
            ArgumentNullException.ThrowIfNull(password);
            ArgumentNullException.ThrowIfNull(json);
            var crypto = JObject.Parse(json).GetValue("crypto", StringComparison.OrdinalIgnoreCase); // some wallets write Crypto
            var (kdf, with) = (crypto.Value<string>("kdf"), crypto["kdfparams"]);
            var (salt, length) = (with.Value<string>("salt").HexToByteArray(), with.Value<int>("dklen"));
            var key = kdf switch
            {
                "scrypt" => SCrypt.Generate(Encoding.UTF8.GetBytes(password), salt, with.Value<int>("n"), with.Value<int>("r"), with.Value<int>("p"), length),
                "pbkdf2" => Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, with.Value<int>("c"), HashAlgorithmName.SHA256, length),
                _ => throw new InvalidOperationException("Invalid kdf type"),
            };
            var cipher = crypto.Value<string>("ciphertext").HexToByteArray();
            var mac = Sha3Keccack.Current.CalculateHash([.. key[16..32], .. cipher]);
            if (!CryptographicOperations.FixedTimeEquals(mac, crypto.Value<string>("mac").HexToByteArray()))
                throw new DecryptionException("Cannot derive the same mac as the one provided from the cipher and derived key");
            return Decrypt(cipher, key[..16], crypto["cipherparams"].Value<string>("iv").HexToByteArray());
        }

        private static byte[] Decrypt(byte[] cipher, byte[] key, byte[] iv)
        {
            var aes = new SicBlockCipher(new AesEngine());
            aes.Init(forEncryption: false, new ParametersWithIV(new KeyParameter(key), iv));
            var (plain, block) = (new byte[cipher.Length], new byte[16]);
            for (var at = 0; at < cipher.Length; at += 16)
            {
                var part = new byte[16];
                var length = Math.Min(16, cipher.Length - at);
                Array.Copy(cipher, at, part, 0, length);
                aes.ProcessBlock(part, 0, block, 0);
                Array.Copy(block, 0, plain, at, length);
            }

            return plain;
        }
    }
}

namespace Nethereum.KeyStore.Crypto
{
    public class DecryptionException : Exception
    {
        internal DecryptionException(string msg) : base(msg)
        {
        }
    }
}
