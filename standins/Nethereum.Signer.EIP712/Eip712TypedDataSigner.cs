using Nethereum.ABI.EIP712;

namespace Nethereum.Signer.EIP712;

public class Eip712TypedDataSigner
{
    public static Eip712TypedDataSigner Current { get; } = new();

    public string SignTypedDataV4<TDomain>(TypedData<TDomain> typedData, EthECKey key) =>
        Sign(Eip712TypedDataEncoder.Current.EncodeAndHashTypedData(typedData), key);

    public string SignTypedDataV4<T, TDomain>(T message, TypedData<TDomain> typedData, EthECKey key) =>
        Sign(Eip712TypedDataEncoder.Current.EncodeAndHashTypedData(message, typedData), key);

    public string RecoverFromSignatureV4<TDomain>(TypedData<TDomain> typedData, string signature) =>
        new MessageSigner().EcRecover(Eip712TypedDataEncoder.Current.EncodeAndHashTypedData(typedData), signature);

    public string RecoverFromSignatureV4<T, TDomain>(T message, TypedData<TDomain> typedData, string signature) =>
        new MessageSigner().EcRecover(Eip712TypedDataEncoder.Current.EncodeAndHashTypedData(message, typedData), signature);

    private static string Sign(byte[] hash, EthECKey key) => EthECDSASignature.CreateStringSignature(key.SignAndCalculateV(hash));
}
