using System.Text;
using Nethereum.Util;

namespace Nethereum.Signer;

public class MessageSigner
{
    public virtual string EcRecover(byte[] hashMessage, string signature) =>
        EthECKey.RecoverFromSignature(EthECDSASignatureFactory.ExtractECDSASignature(signature), hashMessage).GetPublicAddress();

    public virtual string Sign(byte[] message, EthECKey key) => EthECDSASignature.CreateStringSignature(key.SignAndCalculateV(message));
}

/// <summary>EIP-191 version 0x45, "Ethereum Signed Message".</summary>
public class EthereumMessageSigner : MessageSigner
{
    public override string EcRecover(byte[] message, string signature) => base.EcRecover(HashPrefixedMessage(message), signature);

    public override string Sign(byte[] message, EthECKey key) => base.Sign(HashPrefixedMessage(message), key);

    public byte[] HashPrefixedMessage(byte[] message) =>
        Sha3Keccack.Current.CalculateHash([.. Encoding.UTF8.GetBytes("\x19" + "Ethereum Signed Message:\n" + message.Length), .. message]);

    public string EncodeUTF8AndSign(string message, EthECKey key) => Sign(Encoding.UTF8.GetBytes(message), key);

    public string EncodeUTF8AndEcRecover(string message, string signature) => EcRecover(Encoding.UTF8.GetBytes(message), signature);
}
