using Nethereum.Hex.HexConvertors.Extensions;
using Nethereum.KeyStore;
using Nethereum.KeyStore.Crypto;

namespace Backstake.StandIns.Nethereum.Tests;

/// <summary>Keystores that others made: the PBKDF2 vector of the Web3 secret storage definition, version 3, and one of ethers'.</summary>
public sealed class KeyStoreTests
{
    private const string Secret = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

    private const string Pbkdf2 = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
        "kdf":"pbkdf2","kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    /// <summary>As ethers writes it, with few rounds.</summary>
    private const string Scrypt = """
        {"version":3,"Crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},"ciphertext":"8ebd1d6529dd94bc5349f4c792810fc9a2db712662d3aa9db4e97a01487ce5c1",
        "kdf":"scrypt","kdfparams":{"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19","n":16384,"dklen":32,"p":1,"r":8},
        "mac":"d6c72d672221d637ee56a893b79b17dd8e983d786f11ef020ccf4251cd956c51"}}
        """;

    [Theory]
    [InlineData(Pbkdf2)]
    [InlineData(Scrypt)]
    public void AKeystore_OpensWithItsPassword_AndNoOther(string json)
    {
        Assert.Equal(Secret, new KeyStoreService().DecryptKeyStoreFromJson("testpassword", json).ToHex());
        Assert.Throws<DecryptionException>(() => new KeyStoreService().DecryptKeyStoreFromJson("Testpassword", json));
    }
}
