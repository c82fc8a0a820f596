using Ctc.Experiments.Data.TypesetLines;

namespace Ctc.Experiments.Tests.Data.TypesetLines;

public class TextPiecesTests
{
    [TestCase("one two three", 1, 7, ExpectedResult = "one two|three")]
    [TestCase("one two three", 6, 7, ExpectedResult = "one two")] // what is too short is left out
    [TestCase("one incredibly two", 1, 7, ExpectedResult = "one|two")] // and so are long words
    [TestCase("  one\t two  ", 1, 20, ExpectedResult = "one two")]
    [TestCase("one two", 7, 7, ExpectedResult = "one two")]
    [TestCase("", 1, 7, ExpectedResult = "")]
    [TestCase("e\u0301te\u0301 a", 1, 5, ExpectedResult = "e\u0301te\u0301 a")] // a letter with its accent is one character
    public string A_line_is_cut_at_spaces(string line, int shortest, int longest) => string.Join('|', TextPieces.Cut(line, shortest, longest));
}
