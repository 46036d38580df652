namespace Nethereum.Signer;

public class MessageSigner
{
    public virtual string EcRecover(byte[] hashMessage, string signature) =>
        EthECKey.RecoverFromSignature(EthECDSASignatureFactory.ExtractECDSASignature(signature), hashMessage).GetPublicAddress();

    public virtual string Sign(byte[] message, EthECKey key) => EthECDSASignature.CreateStringSignature(key.SignAndCalculateV(message));
}
