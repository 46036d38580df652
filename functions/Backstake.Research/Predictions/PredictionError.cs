namespace Backstake.Research;

/// <summary>What is wrong with a prediction file, and where.</summary>
/// <param name="Line">The header is line 1.</param>
/// <param name="Column">1: the ids, 2: the values; null: the line as a whole, or the file.</param>
/// <param name="Code">Stable: <c>tooLarge</c>, <c>tooManyRows</c>, <c>notUtf8</c>, <c>nul</c>, <c>lineEnd</c>, <c>lineTooLong</c>, <c>quote</c>, <c>notCsv</c>, <c>header</c>, <c>columns</c>, <c>id</c>, <c>duplicateId</c>, <c>value</c>, <c>missingId</c>, <c>tooFewRows</c>, <c>constant</c>.</param>
public sealed record PredictionError(int Line, int? Column, string Code, string Message);

/// <summary>What is allowed and yet seldom meant.</summary>
/// <param name="Code">Stable: <c>idsIgnored</c>, <c>fewValues</c>, <c>tinySpread</c>, <c>idsNotChecked</c>; before a Signals round <c>highChurn</c> and <c>highTurnover</c>.</param>
public sealed record PredictionWarning(string Code, string Message);
