namespace Backstake.StandIns.Surface;

/// <summary>Type names as a signature shows them: full, with generic arguments in angle brackets.</summary>
static class SignatureNames
{
    public static string Of(Type type)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!);
        if (type.IsArray)
            return Of(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying) + "?";

        var name = type.IsNested ? Of(type.DeclaringType!) + "." + type.Name : type.Namespace is null ? type.Name : type.Namespace + "." + type.Name;
        if (!type.IsGenericType)
            return name;
        var tick = name.LastIndexOf('`');
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
