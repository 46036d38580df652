using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Nethereum.ABI.EIP712;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Signer;
using Nethereum.Signer.EIP712;
using Nethereum.Util;
using Nethereum.Web3.Accounts;

namespace Backstake.StandIns.Nethereum.Tests;

/// <summary>Keccak, ECDSA, EIP-712 and transactions against published answers.</summary>
public sealed class SigningTests
{
    private const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("testing", "5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02")]
    [InlineData("Transfer(address,address,uint256)", "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")]
    public void Keccak256_OfKnownTexts(string text, string hash) => Assert.Equal(hash, Sha3Keccack.Current.CalculateHash(text));

    [Theory] // RFC 6979 on secp256k1 with SHA-256, low s
    [InlineData("01", "Satoshi Nakamoto", "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8", "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [InlineData("01", "All those moments will be lost in time, like tears in rain. Time to die...", "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b", "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "Satoshi Nakamoto", "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0", "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5")]
    public void Signature_IsRfc6979s(string key, string message, string r, string s)
    {
        var signature = new EthECKey(key).SignAndCalculateV(SHA256.HashData(Encoding.UTF8.GetBytes(message)));
        Assert.Equal((r, s), (signature.R.ToHex(), signature.S.ToHex()));
        Assert.True(signature.IsLowS);
    }

    [Fact] // the precompile's example on evm.codes
    public void EcRecover_OfAKnownSignature() => Assert.Equal(
        "0x7156526fbD7a3C72969B54f64e42c10fbb768C8a",
        new MessageSigner().EcRecover(
            "456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3".HexToByteArray(),
            "0x9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac80388256084f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada1c"));

    [Fact]
    public void WhatIsSigned_IsRecovered_WithEitherFormOfV()
    {
        for (var i = 0; i < 20; i++)
        {
            var key = EthECKey.GenerateKey();
            var hash = SHA256.HashData([(byte)i]);
            var signature = EthECDSASignature.CreateStringSignature(key.SignAndCalculateV(hash));
            Assert.Equal(132, signature.Length);
            Assert.Equal(key.GetPublicAddress(), new MessageSigner().EcRecover(hash, signature));
            var parity = (signature[^2..] == "1b" ? "00" : "01");
            Assert.Equal(key.GetPublicAddress(), new MessageSigner().EcRecover(hash, signature[..^2] + parity));
            Assert.NotEqual(key.GetPublicAddress(), new MessageSigner().EcRecover(SHA256.HashData([(byte)(i + 1)]), signature));
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData(Order)]
    public void Key_OutsideTheOrder_IsRefused(string key) => Assert.Throws<ArgumentException>(() => new EthECKey(key));

    [Fact]
    public void Key_GivesItsAddress() =>
        Assert.Equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", EthECKey.GetPublicAddress("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));

    [Fact] // EIP-712's own example
    public void Mail_OfEip712()
    {
        var mail = new Mail
        {
            From = new Person { Name = "Cow", Wallet = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
            To = new Person { Name = "Bob", Wallet = "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
            Contents = "Hello, Bob!",
        };
        var typed = new TypedData<Domain>
        {
            Domain = new Domain { Name = "Ether Mail", Version = "1", ChainId = 1, VerifyingContract = "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC" },
            Types = MemberDescriptionFactory.GetTypesMemberDescription(typeof(Domain), typeof(Mail), typeof(Person)),
            PrimaryType = "Mail",
        };
        var encoder = Eip712TypedDataEncoder.Current;
        Assert.Equal("Mail(Person from,Person to,string contents)Person(string name,address wallet)", encoder.GetEncodedType("Mail", typeof(Mail), typeof(Person)));
        Assert.Equal("c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", encoder.HashStruct(mail, "Mail", typeof(Mail), typeof(Person)).ToHex());
        Assert.Equal("f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", encoder.HashStruct(typed.Domain, "EIP712Domain", typeof(Domain)).ToHex());
        Assert.Equal("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", encoder.EncodeAndHashTypedData(mail, typed).ToHex());

        var cow = new EthECKey(Sha3Keccack.Current.CalculateHash("cow"));
        var signature = Eip712TypedDataSigner.Current.SignTypedDataV4(mail, typed, cow);
        Assert.Equal("0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c", signature);
        Assert.Equal("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", Eip712TypedDataSigner.Current.RecoverFromSignatureV4(mail, typed, signature));
        Assert.Equal(signature, Eip712TypedDataSigner.Current.SignTypedDataV4(typed, cow));
    }

    [Fact] // EIP-155's own example
    public void LegacyTransaction_OfEip155() => Assert.Equal(
        "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
        new AccountOfflineTransactionSigner().SignTransaction(new Account(string.Concat(Enumerable.Repeat("46", 32)), 1), new TransactionInput
        {
            To = "0x3535353535353535353535353535353535353535",
            Nonce = new HexBigInteger(9),
            GasPrice = new HexBigInteger(20_000_000_000),
            Gas = new HexBigInteger(21_000),
            Value = new HexBigInteger(BigInteger.Pow(10, 18)),
        }));

    [Theory] // the package's own EIP-1559 vectors (tests/Nethereum.Signer.UnitTests/EIP1559Tests.cs)
    [InlineData(2, 10, "0x1ad91ee08f21be3de0ba2ba6918e714da6b45836", "", "02f864820617020304820dac941ad91ee08f21be3de0ba2ba6918e714da6b458360a80c080a02b7505766dabb65f8ef497955459f9ea43ff4a092153a8acb277321a80b784a8a0276140649dae47bbb8f6d8fdc3e0daddb58bba498aa4e0b8c547d0d8ebdbf9a5")]
    [InlineData(100, 10, "0x1ad91ee08f21be3de0ba2ba6918e714da6b45836", "0x1232", "02f866820617640304820dac941ad91ee08f21be3de0ba2ba6918e714da6b458360a821232c001a04e731e02022a10b97312998630d3dcaabda660e4a5f53d0fc1ebf4ba0cf8597fa01f4639e24823c565e3ac8e094e6eda571d1691022de83285925f9979b8ad7365")]
    [InlineData(0, 10, null, null, "02f850820617800304820dac800a80c080a0de12484b58bd47130bf9964740b4d68e42bcbbbc39b2eed5b917f0ae66f5e630a01b0d7aa6a810d63c25c115ef217e37023bbe3146b9bb1fe580d004d6432f7f32")]
    public void Transaction1559_OfKnownBytes(int nonce, int value, string? to, string? data, string raw) => Assert.Equal(
        raw,
        new AccountOfflineTransactionSigner().SignTransaction(new Account("0xb5b1870957d373ef0eeffecc6e4812c0fd08f554b37b233526acc331bf1544f7", 1559), new TransactionInput
        {
            Type = new HexBigInteger(2),
            To = to,
            Data = data,
            Nonce = new HexBigInteger(nonce),
            Value = new HexBigInteger(value),
            Gas = new HexBigInteger(3500),
            MaxPriorityFeePerGas = new HexBigInteger(3),
            MaxFeePerGas = new HexBigInteger(4),
        }));

    [Fact]
    public void Transaction_WithoutNonceOrOfAnotherSender_IsRefused()
    {
        var account = new Account("0x01", 1);
        var signer = new AccountOfflineTransactionSigner();
        Assert.Throws<ArgumentNullException>(() => signer.SignTransaction(account, new TransactionInput()));
        Assert.ThrowsAny<Exception>(() => signer.SignTransaction(account, new TransactionInput { From = "0x3535353535353535353535353535353535353535", Nonce = new HexBigInteger(0) }));
    }

    [Struct("Person")]
    private sealed class Person
    {
        [Parameter("string", "name", 1)]
        public string Name { get; set; } = "";

        [Parameter("address", "wallet", 2)]
        public string Wallet { get; set; } = "";
    }

    [Struct("Mail")]
    private sealed class Mail
    {
        [Parameter("tuple", "from", 1, "Person")]
        public Person From { get; set; } = new();

        [Parameter("tuple", "to", 2, "Person")]
        public Person To { get; set; } = new();

        [Parameter("string", "contents", 3)]
        public string Contents { get; set; } = "";
    }
}
