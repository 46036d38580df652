using Nethereum.Util;

namespace Nethereum.ABI.Model;

public class Parameter
{
    internal Parameter(string type, string name, int order)
    {
        Type = type;
        Name = name;
        Order = order;
    }

    public string Name { get; private set; }

    public string Type { get; private set; }

    public int Order { get; private set; }

    public bool Indexed { get; set; }

    public string StructTypeName { get; set; }
}

public class EventABI
{
    internal EventABI(string name, bool isAnonymous, Type type)
    {
        Name = name;
        IsAnonymous = isAnonymous;
        Members = AbiMember.Of(type);
        Sha3Signature = Sha3Keccack.Current.CalculateHash(name + AbiTuple.Signature(Members));
    }

    public string Name { get; }

    public bool IsAnonymous { get; set; }

    /// <summary>Topic 0: 64 hex digits without 0x.</summary>
    public string Sha3Signature { get; }

    internal AbiMember[] Members { get; }
}

public class FunctionABI
{
    internal FunctionABI(string name, Type type)
    {
        Name = name;
        Members = AbiMember.Of(type);
        Sha3Signature = Sha3Keccack.Current.CalculateHash(name + AbiTuple.Signature(Members))[..8];
    }

    public string Name { get; }

    /// <summary>The selector: 8 hex digits without 0x.</summary>
    public string Sha3Signature { get; }

    internal AbiMember[] Members { get; }
}

public class ErrorABI
{
    internal ErrorABI(string name, Type type)
    {
        Name = name;
        Members = AbiMember.Of(type);
        Sha3Signature = Sha3Keccack.Current.CalculateHash(name + AbiTuple.Signature(Members))[..8];
    }

    public string Name { get; }

    /// <summary>The selector: 8 hex digits without 0x.</summary>
    public string Sha3Signature { get; }

    internal AbiMember[] Members { get; }
}
