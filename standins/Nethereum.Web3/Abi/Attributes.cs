using System.Reflection;
using Nethereum.ABI.Model;

namespace Nethereum.ABI.FunctionEncoding.Attributes;

[AttributeUsage(AttributeTargets.Class)]
public class FunctionAttribute : Attribute
{
    public FunctionAttribute(string name) => Name = name;

    public FunctionAttribute(string name, string returnType) : this(name) => ReturnType = returnType;

    public FunctionAttribute(string name, Type dtoReturnType) : this(name) => DTOReturnType = dtoReturnType;

    public string Name { get; private set; }

    public Type DTOReturnType { get; private set; }

    public string ReturnType { get; private set; }

    public static FunctionAttribute GetAttribute<T>() => GetAttribute(typeof(T));

    public static FunctionAttribute GetAttribute(Type type) => type.GetCustomAttribute<FunctionAttribute>(inherit: true);
}

[AttributeUsage(AttributeTargets.Class)]
public class FunctionOutputAttribute : Attribute;

[AttributeUsage(AttributeTargets.Class)]
public class EventAttribute : Attribute
{
    public EventAttribute(string name) : this(name, isAnonymous: false)
    {
    }

    public EventAttribute(string name, bool isAnonymous)
    {
        Name = name;
        IsAnonymous = isAnonymous;
    }

    public string Name { get; set; }

    public bool IsAnonymous { get; set; }

    public static EventAttribute GetAttribute<T>() => GetAttribute(typeof(T));

    public static EventAttribute GetAttribute(Type type) => type.GetCustomAttribute<EventAttribute>(inherit: true);
}

[AttributeUsage(AttributeTargets.Class)]
public class ErrorAttribute(string name) : Attribute
{
    public string Name { get; set; } = name;

    public static ErrorAttribute GetAttribute<T>() => GetAttribute(typeof(T));

    public static ErrorAttribute GetAttribute(Type type) => type.GetCustomAttribute<ErrorAttribute>(inherit: true);
}

[AttributeUsage(AttributeTargets.Class)]
public class StructAttribute(string name) : Attribute
{
    public string Name { get; set; } = name;

    public static StructAttribute GetAttribute<T>() => GetAttribute(typeof(T));

    public static StructAttribute GetAttribute(Type type) => type.GetCustomAttribute<StructAttribute>(inherit: true);
}

[AttributeUsage(AttributeTargets.Property)]
public class ParameterAttribute : Attribute
{
    public ParameterAttribute(string type, string name = null, int order = 1) => Parameter = new Parameter(type, name, order);

    public ParameterAttribute(string type, string name, int order, bool indexed = false) : this(type, name, order) => Parameter.Indexed = indexed;

    public ParameterAttribute(string type, string name, int order, string structTypeName = null) : this(type, name, order) =>
        Parameter.StructTypeName = structTypeName;

    public ParameterAttribute(string type, int order) : this(type, null, order)
    {
    }

    public Parameter Parameter { get; }

    public int Order => Parameter.Order;

    public string Name => Parameter.Name;

    public string Type => Parameter.Type;

    public string StructTypeName => Parameter.StructTypeName;
}

public interface IEventDTO;

public interface IFunctionOutputDTO;

public interface IErrorDTO;
