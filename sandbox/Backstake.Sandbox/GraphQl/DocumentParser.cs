using System.Globalization;
using System.Text;

namespace Backstake.Sandbox.GraphQl;

/// <summary>Reads a GraphQL text into a <see cref="Document"/>; throws GraphQlException with line and column.</summary>
internal sealed class DocumentParser
{
    public const int MaxLength = 64 * 1024;   // characters; the longest of numerapi's queries has 5,000
    private const int MaxDepth = 16;          // nesting of selections and values; Numerai's own need 5

    private readonly string text;
    private int at;
    private int depth;

    private DocumentParser(string text) => this.text = text;

    public static Document Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new GraphQlException($"The query has more than {MaxLength} characters.");
        }
        var parser = new DocumentParser(text);
        var operations = new List<Operation>();
        parser.SkipIgnored();
        while (parser.at < text.Length)
        {
            operations.Add(parser.ReadOperation());
        }
        return operations.Count > 0 ? new Document(operations) : throw new GraphQlException("No operations provided.");
    }

    private Operation ReadOperation()
    {
        if (Peek == '{')
        {
            return new Operation(IsMutation: false, Name: null, [], ReadSelections());
        }
        var start = at;
        var kind = ReadName();
        if (kind is not ("query" or "mutation"))
        {
            throw Error($"syntax error before: \"{kind}\"", start);
        }
        var name = IsNameStart(Peek) ? ReadName() : null;
        var variables = new List<VariableDefinition>();
        if (Skip('('))
        {
            while (!Skip(')'))
            {
                variables.Add(ReadVariableDefinition());
            }
        }
        return new Operation(kind == "mutation", name, variables, ReadSelections());
    }

    private VariableDefinition ReadVariableDefinition()
    {
        Expect('$');
        var name = ReadName();
        Expect(':');
        var type = ReadType();
        var required = Skip('!');
        return new VariableDefinition(name, type, required, Skip('=') ? ReadValue() : null);
    }

    private string ReadType()
    {
        if (!Skip('['))
        {
            return ReadName();
        }
        var item = ReadType();
        var required = Skip('!') ? "!" : "";
        Expect(']');
        return $"[{item}{required}]";
    }

    private List<Selection> ReadSelections()
    {
        Enter();
        Expect('{');
        var selections = new List<Selection>();
        while (!Skip('}'))
        {
            selections.Add(ReadSelection());
        }
        depth--;
        return selections.Count > 0 ? selections : throw Error("syntax error before: \"}\"", at - 1);
    }

    private Selection ReadSelection()
    {
        var start = at;
        if (Peek is '.' or '@')
        {
            throw Error("Fragments and directives are not part of the sandbox.", start);
        }
        var key = ReadName();
        var name = Skip(':') ? ReadName() : key;
        var arguments = Skip('(') ? ReadArguments(')') : [];
        var selections = Peek == '{' ? ReadSelections() : [];
        var (line, column) = Place(start);
        return new Selection(key, name, arguments, selections, line, column);
    }

    private List<Argument> ReadArguments(char end)
    {
        var arguments = new List<Argument>();
        while (!Skip(end))
        {
            var name = ReadName();
            Expect(':');
            arguments.Add(new Argument(name, ReadValue()));
        }
        return arguments;
    }

    private Literal ReadValue()
    {
        Enter();
        Literal value = Peek switch
        {
            '$' => ReadVariable(),
            '"' => new Literal.Plain(ReadString()),
            '[' => ReadItems(),
            '{' => ReadFields(),
            var c when c == '-' || char.IsAsciiDigit(c) => new Literal.Plain(ReadNumber()),
            _ => new Literal.Plain(ReadName() switch { "null" => null, "true" => true, "false" => false, var name => name }),
        };
        depth--;
        return value;
    }

    private Literal.Variable ReadVariable()
    {
        Expect('$');
        return new Literal.Variable(ReadName());
    }

    private Literal.Items ReadItems()
    {
        Expect('[');
        var items = new List<Literal>();
        while (!Skip(']'))
        {
            items.Add(ReadValue());
        }
        return new Literal.Items(items);
    }

    private Literal.Fields ReadFields()
    {
        Expect('{');
        return new Literal.Fields(ReadArguments('}'));
    }

    private object ReadNumber()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '+' or '.'))
        {
            at++;
        }
        var digits = text[start..at];
        SkipIgnored();
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? digits : throw Error($"syntax error before: \"{digits}\"", start);
    }

    private string ReadString()
    {
        var start = at++;
        var result = new StringBuilder();
        while (true)
        {
            if (at >= text.Length || text[at] == '\n')
            {
                throw Error("A string has no end.", start);
            }
            var c = text[at++];
            if (c == '"')
            {
                SkipIgnored();
                return result.ToString();
            }
            result.Append(c == '\\' ? ReadEscape(start) : c);
        }
    }

    private char ReadEscape(int start)
    {
        var c = at < text.Length ? text[at++] : '\0';
        switch (c)
        {
            case '"' or '\\' or '/': return c;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                at += 4;
                return (char)code;
            default: throw Error("A string has an unknown escape.", start);
        }
    }

    private string ReadName()
    {
        var start = at;
        if (!IsNameStart(Peek))
        {
            throw at < text.Length ? Error($"syntax error before: \"{text[at]}\"", at) : Error("syntax error: the query ends too early", at);
        }
        while (at < text.Length && (IsNameStart(text[at]) || char.IsAsciiDigit(text[at])))
        {
            at++;
        }
        var name = text[start..at];
        SkipIgnored();
        return name;
    }

    private char Peek => at < text.Length ? text[at] : '\0';

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private bool Skip(char c)
    {
        if (Peek != c)
        {
            return false;
        }
        at++;
        SkipIgnored();
        return true;
    }

    private void Expect(char c)
    {
        if (!Skip(c))
        {
            throw at < text.Length ? Error($"syntax error before: \"{text[at]}\"", at) : Error("syntax error: the query ends too early", at);
        }
    }

    private void Enter()
    {
        if (++depth > MaxDepth)
        {
            throw Error($"The query is nested more than {MaxDepth} deep.", at);
        }
    }

    /// <summary>White space, commas, comments and a byte order mark mean nothing.</summary>
    private void SkipIgnored()
    {
        while (at < text.Length)
        {
            if (text[at] == '#')
            {
                var end = text.IndexOf('\n', at);
                at = end < 0 ? text.Length : end;
            }
            else if (char.IsWhiteSpace(text[at]) || text[at] is ',' or '\uFEFF')
            {
                at++;
            }
            else
            {
                return;
            }
        }
    }

    private GraphQlException Error(string message, int place)
    {
        var (line, column) = Place(place);
        return new GraphQlException(message, code: null, line, column);
    }

    private (int Line, int Column) Place(int place)
    {
        var before = text.AsSpan(0, Math.Min(place, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
