using System.IO.Compression;
using System.Text;
using Ctc.Engine.Decoding.LanguageModels;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Decoding.LanguageModels;

public class ArpaFileTests
{
    private const string Trigrams =
        """
        Anything may be before the data.

        \data\
        ngram 1=6
        ngram 2=4
        ngram 3=2

        \1-grams:
        -1.5	<unk>
        -99	<s>	-0.5
        -0.7	</s>
        -0.4	a	-0.25
        -0.6	b	-0.125
        -0.9	c

        \2-grams:
        -0.3	<s> a	-0.0625
        -0.2	a b	-0.75
        -0.8	b c
        -0.1	b </s>

        \3-grams:
        -0.05	<s> a b
        -0.15	a b c

        \end\
        """;

    private static readonly string[] Sentence = ["a", "b", "c", "b", "d", "a"];

    // By hand: a|<s>; b|<s> a; c|a b; b|b c → back off from "b c" and "c" with weight 0; d|b → back off from "b" to <unk>; a|<unk>; end|a.
    private static readonly double[] Expected = [-0.3, -0.05, -0.15, -0.6, -0.125 - 1.5, -0.4, -0.25 - 0.7];

    [Test]
    public void The_probabilities_of_a_sentence_are_those_computed_by_hand()
    {
        NGramModel model = Read(Trigrams);
        int state = model.Start;
        List<double> found = [];
        foreach (string unit in Sentence)
        {
            found.Add(model.LogProbability(state, model.IndexOf(unit), out state) / Math.Log(10));
        }

        found.Add(model.LogProbabilityOfEnd(state) / Math.Log(10));
        Assert.That(found, Is.EqualTo(Expected).Within(1e-12));
    }

    [Test]
    public void A_context_without_the_ngram_backs_off_order_by_order()
    {
        NGramModel model = Read(Trigrams);
        // a|<s> a is no trigram and no bigram: the weights of "<s> a" and "a", then the unigram.
        _ = model.LogProbability(model.Start, model.IndexOf("a"), out int state);
        Assert.That(model.LogProbability(state, model.IndexOf("a"), out _) / Math.Log(10), Is.EqualTo(-0.0625 - 0.25 - 0.4).Within(1e-12));
        // The end after a b: no trigram, weight of "a b", then the bigram "b </s>".
        _ = model.LogProbability(state, model.IndexOf("b"), out state);
        Assert.That(model.LogProbabilityOfEnd(state) / Math.Log(10), Is.EqualTo(-0.75 - 0.1).Within(1e-12));
    }

    [Test]
    public void The_state_is_the_longest_context_of_the_model()
    {
        NGramModel model = Read(Trigrams);
        _ = model.LogProbability(model.Start, model.IndexOf("b"), out int afterStart);
        _ = model.LogProbability(model.Start, -1, out int unknown);
        _ = model.LogProbability(unknown, model.IndexOf("b"), out int afterUnknown);
        Assert.That(afterStart, Is.EqualTo(afterUnknown), "neither '<s> b' nor '<unk> b' is a bigram");
    }

    [Test]
    public void Names_that_are_no_units_of_a_text_are_unknown([Values("<s>", "</s>", "<unk>", "<UNK>", "z")] string unit) =>
        Assert.That(Read(Trigrams).IndexOf(unit), Is.EqualTo(-1));

    [Test]
    public void Without_an_unknown_unit_it_is_impossible_and_without_an_end_the_end_is_free()
    {
        NGramModel model = Read("\\data\\\nngram 1=1\n\\1-grams:\n-0.25 a\n\\end\\\n");
        Assert.Multiple(() =>
        {
            Assert.That(model.LogProbability(model.Start, -1, out int next), Is.EqualTo(double.NegativeInfinity));
            Assert.That(next, Is.EqualTo(model.Start));
            Assert.That(model.LogProbabilityOfEnd(model.Start), Is.Zero);
            Assert.That(model.LogProbability(model.Start, 0, out _) / Math.Log(10), Is.EqualTo(-0.25).Within(1e-12));
        });
    }

    [Test]
    public void Minus_99_is_probability_zero() => Assert.That(
        Read("\\data\\\nngram 1=1\n\\1-grams:\n-99 a\n\\end\\\n").LogProbability(0, 0, out _), Is.EqualTo(double.NegativeInfinity));

    [Test]
    public void A_compressed_file_reads_as_the_plain_one()
    {
        using var folder = new TemporaryFolder();
        using (var zipped = new GZipStream(File.Create(folder.In("lm.arpa.gz")), CompressionLevel.Fastest))
        {
            zipped.Write(Encoding.UTF8.GetBytes(Trigrams));
        }

        File.WriteAllText(folder.In("lm.arpa"), Trigrams.ReplaceLineEndings("\r\n"), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.That(Written(ArpaFile.Read(folder.In("lm.arpa.gz"))), Is.EqualTo(Written(ArpaFile.Read(folder.In("lm.arpa")))));
    }

    [Test]
    public void What_is_written_reads_as_the_same_model()
    {
        string written = Written(Read(Trigrams));
        Assert.That(Written(Read(written)), Is.EqualTo(written));
        Assert.That(written, Does.StartWith("\\data\\\nngram 1=6\nngram 2=4\nngram 3=2\n\n\\1-grams:\n-1.5\t<unk>\t0\n-99\t<s>\t-0.5\n"));
        Assert.That(written, Does.EndWith("\\3-grams:\n-0.05\t<s> a b\n-0.15\ta b c\n\n\\end\\\n"));
    }

    [TestCase("\\data\\", "data", "lm:26 ends a file without \\data\\ and the numbers of n-grams; expected an ARPA file.")]
    [TestCase("ngram 1=6", "ngram 1=x", "lm:4 is 'ngram 1=x'; expected the number of 1-grams, as in 'ngram 1=100'.")]
    [TestCase("ngram 2=4", "ngram 3=4", "lm:5 is 'ngram 3=4'; expected the number of 2-grams, as in 'ngram 2=100'.")]
    [TestCase("\\1-grams:", "\\one", "lm:8 is '\\one'; expected \\1-grams:.")]
    [TestCase("ngram 2=4", "ngram 2=5", "lm:21 ends the 2-grams after 4 of them; expected 5, as the head of the file says.")]
    [TestCase("ngram 2=4", "ngram 2=3", "lm:20 is '-0.1\tb </s>'; expected \\3-grams:.")]
    [TestCase("-0.4\ta", "-0,4\ta", "lm:12 gives the log-probability '-0,4'; expected a number.")]
    [TestCase("-0.4\ta", "0.4\ta", "lm:12 gives the log-probability 0.4; expected 0 or less.")]
    [TestCase("-0.4\ta\t-0.25", "-0.4\ta\tnan", "lm:12 gives the back-off weight 'nan'; expected a number.")]
    [TestCase("-0.6\tb", "-0.6\ta", "lm:13 holds the unigram 'a' for the second time; expected it once.")]
    [TestCase("-0.8\tb c", "-0.8\tb x", "lm:19 holds 'x'; expected a unit of the unigrams.")]
    [TestCase("-0.8\tb c", "-0.8\tb", "lm:19 has 1 units; expected 2, in the section of the 2-grams.")]
    [TestCase("-0.8\tb c", "-0.8\tb c 0 0", "lm:19 has further fields; expected a log-probability, 2 units and a back-off weight.")]
    [TestCase("-0.8\tb c", "-0.8\ta b", "lm:19 holds a 2-gram for the second time; expected it once.")]
    [TestCase("-0.15\ta b c", "-0.15\ta c b", "lm:24 is a 3-gram whose first 2 units are no 2-gram; expected its context.")]
    [TestCase("-0.15\ta b c", "-0.15\ta b c -1", "lm:24 has a back-off weight; expected none in the highest order.")]
    [TestCase("\\end\\", "", "lm:25 is the last line, before \\end\\; expected a whole ARPA file.")]
    public void A_damaged_file_is_a_sentence_with_its_line(string there, string instead, string message) => Assert.That(
        () => Read(Trigrams.Replace(there, instead, StringComparison.Ordinal)),
        Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message));

    [Test]
    public void Bytes_that_are_no_text_are_a_sentence_with_their_line()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Trigrams);
        bytes[Trigrams.IndexOf("a b c", StringComparison.Ordinal)] = 0xff;
        Assert.That(
            () => ArpaFile.Read(new MemoryStream(bytes), "lm"),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("lm:24 holds bytes that are no UTF-8; expected text in UTF-8."));
    }

    [Test]
    public void A_file_that_ends_in_the_middle_of_its_compression_is_a_sentence()
    {
        using var folder = new TemporaryFolder();
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(Encoding.UTF8.GetBytes(Trigrams));
        string file = folder.In("lm.gz");
        File.WriteAllBytes(file, zipped.ToArray()[..40]);
        Assert.That(() => ArpaFile.Read(file), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(file));
        Assert.That(() => ArpaFile.Read(folder.In("none")), Throws.TypeOf<InvalidDataException>().With.Message.Contains("cannot be read"));
        string path = folder.In(".");
        Assert.That(
            () => ArpaFile.Read(path),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{path} cannot be read: it is a folder; expected a file."));
    }

    [Test]
    [Category("Slow")]
    public void Random_damage_reads_or_is_a_sentence_with_its_line()
    {
        var random = new Random(7);
        byte[] whole = Encoding.UTF8.GetBytes(Trigrams);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = DamagedText.Of(whole, "\\\n\t -.0:=<>ab"u8, random);
            try
            {
                NGramModel model = ArpaFile.Read(new MemoryStream(damaged), "lm");
                _ = Sentence.Aggregate(model.Start, (state, unit) => model.LogProbability(state, model.IndexOf(unit), out int next) > 0 ? -1 : next);
            }
            catch (InvalidDataException fault)
            {
                Assert.That(fault.Message, Does.Match(@"^lm:[0-9]+ .*; expected .*\.$"));
            }
        }
    }

    [TestCase(20_000)]
    [TestCase(1_000_000, Category = "Long", Explicit = true)]
    [NonParallelizable]
    public void Ngrams_are_held_in_less_than_100_bytes_each(int trigrams)
    {
        using var folder = new TemporaryFolder();
        string file = folder.In("lm.arpa");
        int units = 200, bigrams = trigrams / units;
        using (var text = new StreamWriter(file))
        {
            text.WriteLine($"\\data\\\nngram 1={units}\nngram 2={bigrams}\nngram 3={trigrams}\n\n\\1-grams:");
            for (int a = 0; a < units; a++) text.WriteLine($"-2.{a:d3}\tw{a}\t-0.{a:d3}");
            text.WriteLine("\n\\2-grams:");
            for (int i = 0; i < bigrams; i++) text.WriteLine($"-1.{i % 1000:d3}\tw{i % units} w{i / units}\t-0.5");
            text.WriteLine("\n\\3-grams:");
            for (int i = 0; i < trigrams; i++) text.WriteLine($"-0.{i % 1000:d3}\tw{i % bigrams % units} w{i % bigrams / units} w{i / bigrams}");
            text.WriteLine("\n\\end\\");
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        NGramModel model = ArpaFile.Read(file);
        TestContext.Out.WriteLine($"{watch.Elapsed.TotalSeconds:f2} s");
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Out.WriteLine($"{held / 1e6:f1} MB");
        Assert.That(model.Counts, Is.EqualTo(new[] { units, bigrams, trigrams }));
        Assert.That(held, Is.LessThan(100L * (units + bigrams + trigrams)));
    }

    internal static string Written(NGramModel model)
    {
        using var to = new MemoryStream();
        ArpaFile.Write(model, to);
        return Encoding.UTF8.GetString(to.ToArray());
    }

    private static NGramModel Read(string text) => ArpaFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "lm");
}
