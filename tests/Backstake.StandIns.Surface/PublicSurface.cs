using System.Globalization;
using System.Reflection;

namespace Backstake.StandIns.Surface;

/// <summary>
/// The public and protected members of an assembly, one line each, sorted: what a stand-in offers, to be compared with the committed
/// list of the real package's signatures. A line is <c>Namespace.Type</c> with its kind and bases, or <c>Namespace.Type.Member(parameter types) : type</c>.
/// </summary>
public static class PublicSurface
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The lines of <paramref name="assembly"/>, in ordinal order.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly)
    {
        var lines = new List<string>();
        foreach (var type in assembly.GetTypes().Where(IsVisible))
        {
            lines.Add(OfType(type));
            if (!IsDelegate(type))
                lines.AddRange(Members(type).Select(member => SignatureNames.Of(type) + "." + member));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>The lines of a committed list: blank lines and lines that begin with <c>#</c> are left out.</summary>
    public static IReadOnlyList<string> Read(string path) =>
        [.. File.ReadLines(path).Select(line => line.TrimEnd()).Where(line => line.Length > 0 && line[0] != '#').Order(StringComparer.Ordinal)];

    /// <summary>What differs, as <c>+ only in the stand-in</c> and <c>- only in the list</c>; empty when they are equal.</summary>
    public static IReadOnlyList<string> Difference(IReadOnlyList<string> standIn, IReadOnlyList<string> listed) =>
        [.. standIn.Except(listed, StringComparer.Ordinal).Select(line => "+ " + line), .. listed.Except(standIn, StringComparer.Ordinal).Select(line => "- " + line)];

    static bool IsVisible(Type type) =>
        type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!) : type.IsPublic;

    static bool IsDelegate(Type type) => type.BaseType == typeof(MulticastDelegate);

    static string OfType(Type type)
    {
        var name = SignatureNames.Of(type);
        if (IsDelegate(type))
            return name + " delegate" + Parameters(type.GetMethod("Invoke")!);
        var kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        if (type.IsEnum)
            return $"{name} {kind}";
        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            bases.Add(SignatureNames.Of(parent));
        bases.AddRange(type.GetInterfaces().Where(IsVisible).Except(type.BaseType?.GetInterfaces() ?? []).Select(SignatureNames.Of).Order(StringComparer.Ordinal));
        return bases.Count == 0 ? $"{name} {kind}" : $"{name} {kind} : {string.Join(", ", bases)}";
    }

    static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}");

        var constructors = type.GetConstructors(Declared).Where(IsOpen).Where(method => !method.IsStatic).Select(method => "ctor" + Parameters(method, withReturn: false));
        var methods = type.GetMethods(Declared).Where(IsOpen).Where(method => !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
            .Where(method => !method.Name.Contains('<', StringComparison.Ordinal))
            .Select(method => method.Name + Generic(method) + Parameters(method) + Modifiers(method));
        var properties = type.GetProperties(Declared).Where(property => Accessors(property).Any(IsOpen)).Select(Property);
        var events = type.GetEvents(Declared).Where(e => e.AddMethod is { } add && IsOpen(add)).Select(e => $"{e.Name} event : {SignatureNames.Of(e.EventHandlerType!)}");
        var fields = type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly)
            .Select(field => $"{field.Name} : {SignatureNames.Of(field.FieldType)}{(field.IsLiteral ? " const" : field.IsStatic ? " static" : "")}{(field.IsInitOnly ? " readonly" : "")}");
        return constructors.Concat(methods).Concat(properties).Concat(events).Concat(fields);
    }

    static bool IsOpen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    static IEnumerable<MethodInfo> Accessors(PropertyInfo property) => property.GetAccessors(nonPublic: true);

    static string Property(PropertyInfo property)
    {
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"{property.Name}[{string.Join(", ", index.Select(Parameter))}]";
        var get = property.GetMethod is { } getter && IsOpen(getter) ? " get;" : "";
        var set = property.SetMethod is { } setter && IsOpen(setter) ? IsInit(setter) ? " init;" : " set;" : "";
        return $"{name} : {SignatureNames.Of(property.PropertyType)} {{{get}{set} }}{Modifiers(Accessors(property).First(IsOpen))}";
    }

    static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.FullName == "System.Runtime.CompilerServices.IsExternalInit");

    static string Generic(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    static string Parameters(MethodBase method, bool withReturn = true)
    {
        var parameters = $"({string.Join(", ", method.GetParameters().Select(Parameter))})";
        return withReturn && method is MethodInfo { ReturnType: var result } ? $"{parameters} : {SignatureNames.Of(result)}" : parameters;
    }

    static string Parameter(ParameterInfo parameter)
    {
        var passing = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return $"{passing}{SignatureNames.Of(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + (parameter.RawDefaultValue ?? "default") : "")}";
    }

    static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
            return method.IsStatic ? " static" : "";
        var protection = method.IsPublic ? "" : " protected";
        if (method.IsStatic)
            return protection + " static";
        if (method.IsAbstract)
            return protection + " abstract";
        if (!method.IsVirtual || (method.IsFinal && method.GetBaseDefinition() == method))
            return protection;
        return protection + (method.GetBaseDefinition() == method ? " virtual" : " override");
    }
}
