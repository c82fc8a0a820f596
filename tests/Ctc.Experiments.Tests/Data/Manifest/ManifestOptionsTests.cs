using System.Text.Json;
using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Configuration.Yaml;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Decoding;
using Ctc.Experiments.Tests.Data.Pages;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Ctc.Experiments.Tests.Data.Manifest;

/// <summary>How lines become sets, and texts symbols.</summary>
public class ManifestOptionsTests
{
    private const string Hebrew = "\u05D0\u05D1 12";

    [Test]
    public void Test_and_dev_are_set_apart_from_one_list()
    {
        using TemporaryFolder folder = Lines(30, i => null);
        ManifestOptions options = new() { Train = folder.In("list") };
        Dataset read = new ManifestSource(options).Load(), again = new ManifestSource(options).Load();
        Assert.That((read.Train.Count, read.Dev.Count, read.Test.Count), Is.EqualTo((25, 2, 3)));
        Assert.That(All(read), Is.Unique.And.Length.EqualTo(30));
        Assert.That(All(again), Is.EqualTo(All(read)));
        Assert.That(All(new ManifestSource(options with { Seed = 1 }).Load()), Is.Not.EqualTo(All(read)));
    }

    [Test]
    public void No_group_is_in_two_sets([Range(0, 4)] int seed)
    {
        using TemporaryFolder folder = Lines(40, i => i < 20 ? $"book {i % 7}" : i < 38 ? "large" : null);
        Dataset read = new ManifestSource(new ManifestOptions { Train = folder.In("list"), SplitBy = SplitUnit.Group, Seed = seed }).Load();
        IEnumerable<string> groups =
            new[] { read.Train, read.Dev, read.Test }.SelectMany(set => set.Select(line => line.Group).OfType<string>().Distinct());
        Assert.That(groups, Is.Unique);
        Assert.That(All(read), Has.Length.EqualTo(40));
        Assert.That((read.Dev.Count, read.Test.Count), Is.EqualTo((3, 4)).Or.EqualTo((3, 3)).Or.EqualTo((2, 4)).Or.EqualTo((2, 3)));
    }

    [Test]
    public void One_group_is_too_few_for_two_sets()
    {
        using TemporaryFolder folder = Lines(5, i => "one");
        Assert.That(
            () => new ManifestSource(new ManifestOptions { Train = folder.In("list"), SplitBy = SplitUnit.Group }).Load(),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("list")}: all 5 lines are of one group; expected another one, to put aside for test, or lines of their own for test."));
    }

    [Test]
    public void Lines_of_one_page_can_be_in_two_drawn_sets_and_not_in_two_given_ones()
    {
        using TemporaryFolder folder = PageSamples.Folder();
        File.WriteAllText(folder.In("page.xml"), PageSamples.Page(PageSamples.Page2019));
        File.WriteAllText(folder.In("other.xml"), PageSamples.Page(PageSamples.Page2013).Replace("4,2 12,2", "5,2 12,2", StringComparison.Ordinal));
        LineImage.Write(folder.In("dev.png"), new Utterance("x", new float[8], 2, []));
        File.WriteAllText(folder.In("list"), "dev.png\to\n");
        ManifestOptions options = new() { Train = folder.In("page.xml"), Dev = folder.In("list"), Height = 6 };
        Dataset read = new ManifestSource(options).Load();
        Assert.That((read.Train.Count, read.Test.Count), Is.EqualTo((1, 1)));
        Assert.That(
            new ManifestSource(options).DataFiles().Select(Path.GetFileName), Is.EqualTo(new[] { "page.png", "dev.png", "page.png" }));
        Assert.That(
            () => new ManifestSource(options with { Test = folder.In("other.xml") }).Load(),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("other.xml")}:7: the image {folder.In("page.png")} is that of {folder.In("page.xml")}:7 too; " +
                "expected sets that share no image, nor a copy of one."));
    }

    [Test]
    public void The_symbols_of_all_sets_are_the_alphabet_if_the_option_says_so()
    {
        using TemporaryFolder folder = Texts("ab", "bc", "cd");
        ManifestOptions options = Options(folder) with { Symbols = ManifestOptions.FromAllSets };
        Assert.That(new ManifestSource(options).Load().Alphabet.Symbols, Is.EqualTo(new[] { "a", "b", "c", "d" }));
    }

    [TestCase(WhiteSpace.Keep, " a\u00A0\tb ", new[] { " ", "a", "\u00A0", "\t", "b", " " })]
    [TestCase(WhiteSpace.Collapse, " a\u00A0\u2003b ", new[] { "a", " ", "b" })]
    public void White_space_is_kept_or_collapsed(WhiteSpace rule, string text, string[] symbols) =>
        Assert.That(new SymbolText(new TextRules(UnicodeForm.Nfc) { WhiteSpace = rule }).Split(text), Is.EqualTo(symbols));

    [TestCase("\uFB01", "fi")]
    [TestCase("\u017Fe\u0301", "s\u00E9")]
    [TestCase("\u00B2\u2460\uFF21", "21A")]
    [TestCase("\u1E9B\u0323", "\u1E69")]
    [TestCase("a\u00A0b", "a b")]
    [TestCase("\uFEFB", "\u0644\u0627")]
    public void NFKC_replaces_variants(string text, string plain) => Assert.That(UnicodeText.Compatible(text), Is.EqualTo(plain));

    // Source: unicodedata.normalize("NFKC", c) of Python 3.11, Unicode 14, of each code point up to U+FFFF, joined and hashed.
    [Test]
    [Category("Slow")]
    public void NFKC_is_that_of_Python() => Assert.That(NfkcDigest(), Is.EqualTo("e7291ca7b1829f918a085204d6420a9f081ca5bd14625a8ea2228027c580147d"));

    [Test]
    public void In_the_direction_auto_symbols_are_displayed_and_readings_are_turned_back()
    {
        using TemporaryFolder folder = Texts(Hebrew, Hebrew, Hebrew);
        ManifestOptions options = Options(folder) with { Direction = ReadingDirection.Auto };
        var source = new ManifestSource(options);
        Dataset read = source.Load(), plain = new ManifestSource(options with { Direction = ReadingDirection.LeftToRight }).Load();
        Assert.That(read.Alphabet.Format(read.Test[0].Target), Is.EqualTo("12 \u05D1\u05D0"));
        Assert.That(source.ToText([.. read.Test[0].Target.Select(token => read.Alphabet[token])]), Is.EqualTo(Hebrew));
        var decoded = new DecodedInput("x", 3, [new Hypothesis(read.Test[0].Target, 0)], new Vocabulary(read.Alphabet), source.ToText);
        Assert.That((decoded.Text, decoded.WithName("y").Text), Is.EqualTo((Hebrew, Hebrew)));
        Assert.That(read.Test[0].ReadFeatures(), Is.EqualTo(plain.Test[0].ReadFeatures()), "the frames are from left to right");
        Assert.That(new ManifestSource(options with { Direction = ReadingDirection.LeftToRight }).ToText(["a", "b"]), Is.EqualTo("ab"));
    }

    [Test]
    public void A_graph_has_no_order_of_display()
    {
        using TemporaryFolder folder = Texts("a", "a", "a");
        File.WriteAllText(
            folder.In("test"), """{"image":"test.png","text":"a","graph":{"states":["a"],"arcs":[],"initial":[[0]],"final":[[0]]}}""");
        Assert.That(
            () => new ManifestSource(Options(folder) with { Direction = ReadingDirection.Auto }).Load(),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("test")}:1: there is a graph, whose states are in the order of the frames; expected none with the direction auto."));
    }

    [Test]
    [Category("Slow")]
    public void A_folder_and_a_root_are_part_of_the_identity_by_what_is_read_from_them()
    {
        string xml = PageSamples.Page(PageSamples.Page2019).Replace("<Unicode></Unicode>", "<Unicode>w</Unicode>", StringComparison.Ordinal);
        using TemporaryFolder folder = PageSamples.Folder(), other = PageSamples.Folder();
        foreach (TemporaryFolder each in new[] { folder, other })
        {
            Directory.CreateDirectory(each.In("xml"));
            File.WriteAllText(each.In("xml", "page.xml"), xml);
        }

        string before = Identity(folder, "");
        Assert.That(Identity(other, ""), Is.EqualTo(before), "elsewhere");
        Assert.That(Identity(folder, ", root: ."), Is.EqualTo(before), "the images are the same");
        Assert.That(Identity(folder, ", white-space: keep, split-by: line, unit: character"), Is.EqualTo(before), "the defaults");
        Assert.That(Identity(folder, ", symbols: from-all-sets"), Is.Not.EqualTo(before));
        Assert.That(Identity(folder, ", unit: word"), Is.Not.EqualTo(before));
        File.WriteAllText(folder.In("xml", "page.xml"), xml.Replace("4,2 12,2", "5,2 12,2", StringComparison.Ordinal));
        Assert.That(Identity(folder, ""), Is.Not.EqualTo(before), "another polygon");
    }

    [TestCase("train: no", "a file or a folder, but ~/no does not exist")]
    [TestCase("train: xml, symbols: from-all-set", "a file, but ~/from-all-set does not exist")]
    public void A_path_that_leads_nowhere_is_refused(string keys, string expected)
    {
        using TemporaryFolder folder = PageSamples.Folder();
        Directory.CreateDirectory(folder.In("xml"));
        Assert.That(
            () => Bind(folder, keys),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains(expected.Replace("~", folder.Path, StringComparison.Ordinal)));
    }

    private static string NfkcDigest()
    {
        var all = new System.Text.StringBuilder();
        for (int code = 0; code <= 0xFFFF; code++)
        {
            if (!char.IsSurrogate((char)code)) all.Append(UnicodeText.Compatible(((char)code).ToString()));
        }

        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(all.ToString())));
    }

    private static string Identity(TemporaryFolder folder, string keys) =>
        RunIdentity.Compute(Bind(folder, $"train: xml{keys}"), "1");

    private static Experiment Bind(TemporaryFolder folder, string keys)
    {
        using ServiceProvider services = new ServiceCollection().AddCtcExperiments().BuildServiceProvider();
        string text = $"name: x\ndata: {{ source: manifest, {keys} }}\nmodel: {{ encoder: conv }}\n";
        return ExperimentFile.Parse(text, "x.yaml", folder.Path).Bind(services.GetRequiredService<PartCatalog>());
    }

    private static string[] All(Dataset data) => [.. new[] { data.Train, data.Dev, data.Test }.SelectMany(set => set).Select(line => line.Id)];

    private static ManifestOptions Options(TemporaryFolder folder) =>
        new() { Train = folder.In("train"), Dev = folder.In("dev"), Test = folder.In("test") };

    // A set of one line each.
    private static TemporaryFolder Texts(params string[] texts)
    {
        var folder = new TemporaryFolder();
        foreach ((string set, int i) in new[] { "train", "dev", "test" }.Select((set, i) => (set, i)))
        {
            LineImage.Write(folder.In($"{set}.png"), new Utterance(set, new float[8 + (4 * i)], 2 + i, []));
            File.WriteAllText(folder.In(set), $"{set}.png\t{texts[i]}\n");
        }

        return folder;
    }

    // Lines of different images, with groups.
    private static TemporaryFolder Lines(int count, Func<int, string?> group)
    {
        var folder = new TemporaryFolder();
        File.WriteAllLines(folder.In("list"), Enumerable.Range(0, count).Select(i =>
        {
            LineImage.Write(folder.In($"{i}.png"), new Utterance("x", new float[4 * (i + 1)], i + 1, []));
            return JsonSerializer.Serialize(new { image = $"{i}.png", text = "a", group = group(i) });
        }));
        return folder;
    }
}
