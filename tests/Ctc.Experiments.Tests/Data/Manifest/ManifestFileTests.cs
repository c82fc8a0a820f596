using System.Text;
using Ctc.Experiments.Data.Cache;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Files;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Data.Manifest;

/// <summary>What manifests say, and what is said of wrong ones.</summary>
public class ManifestFileTests
{
    private const string Json = "{\"image\":\"a.png\",\"text\":\"a\"";

    private static readonly SymbolText AsWritten = new(UnicodeForm.None);

    [Test]
    public void A_label_file_has_an_image_and_its_text_in_each_line()
    {
        using var folder = Images();
        IReadOnlyList<ManifestLine> lines = Read(folder, "a.png\tab c\r\n\n./sub/../b.png\t\n \t \n");
        Assert.That(lines.Select(line => (line.Where, line.Id, line.File)), Is.EqualTo(new[]
        {
            (folder.In("list:1"), "a.png", folder.In("a.png")),
            (folder.In("list:3"), "./sub/../b.png", folder.In("b.png")),
        }));
        Assert.That(lines.Select(line => line.Symbols), Is.EqualTo(new string[][] { ["a", "b", " ", "c"], [] }));
    }

    [Test]
    public void Json_lines_have_more_to_say()
    {
        using var folder = Images();
        IReadOnlyList<ManifestLine> lines = Read(
            folder,
            """
            {"image":"a.png","text":"ab","graph":{"states":["x",null,"a"],"arcs":[],"initial":[[0]],"final":[[0]]},"speaker":"eve","sec":1.5,"src":{}}
            {"image":"a.png","tokens":["sch","a"],"id":"again","writer":7,"graph":null,"text":null}
            """);
        Assert.That(lines.Select(line => (line.Id, line.Group)), Is.EqualTo(new (string, string?)[] { ("a.png", "eve"), ("again", "7") }));
        Assert.That(lines.Select(line => line.Symbols), Is.EqualTo(new string[][] { ["a", "b"], ["sch", "a"] }));
        Assert.That(lines[0].GraphSymbols, Is.EqualTo(new[] { "x", "a" }));
        Assert.That(lines[1].Graph, Is.Null);
        Graph graph = lines[0].ToUtterance(new Alphabet(["a", "b", "x"]), AsWritten, 4, Unread).Graph!;
        Assert.That(graph.Labels, Is.EqualTo(new long[] { 3, 0, 1 }));
    }

    [Test]
    public void A_byte_order_mark_is_no_part_of_the_first_line([Values("a.png\ta", Json + "}")] string line)
    {
        using var folder = Images();
        File.WriteAllText(folder.In("list"), line, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.That(ManifestFile.Load(folder.In("list"), AsWritten).Single().File, Is.EqualTo(folder.In("a.png")));
    }

    [TestCase("a.png\nb.png\tb")]
    [TestCase("""
        {"image":"a.png"}
        {"image":"b.png","text":"b"}
        """)]
    public void Where_texts_are_not_needed_they_may_be_missing(string written)
    {
        using var folder = Images();
        File.WriteAllText(folder.In("list"), written);
        IReadOnlyList<ManifestLine> lines = ManifestFile.Load(folder.In("list"), AsWritten, needsTexts: false);
        Assert.That(lines.Select(line => line.Symbols), Is.EqualTo(new string[][] { [], ["b"] }));
        Assert.That(() => ManifestFile.Load(folder.In("list"), AsWritten), Throws.TypeOf<InvalidDataException>());
    }

    [TestCase("", " has no lines; expected an image and its text in each line.")]
    [TestCase("\n \r\n", " has no lines; expected an image and its text in each line.")]
    [TestCase("a.png\ta\na.png a", ":2: there are 0 tabs; expected one, between the path of an image and its text.")]
    [TestCase("a.png\ta\tb", ":1: there are 2 tabs; expected one, between the path of an image and its text.")]
    [TestCase("\ta", ":1: there is no path of an image; expected one.")]
    [TestCase("a.png\ta\n\nc.png\ta", ":3: the image is c.png; expected a file, but ~/c.png does not exist.")]
    [TestCase(".\ta", ":1: the image is .; expected a file, but ~ is a folder.")]
    [TestCase("a.png\ta\n/dev/null\ta", ":2: the image is /dev/null; expected an image, but /dev/null is empty, or a pipe or a device.")]
    [TestCase("a.png\ta\na.png\tb", ":2: the id is 'a.png', as at ~/list:1; expected an id of its own.")]
    [TestCase(Json + "}\na.png\ta", ":2: byte 1 was not expected; expected one JSON object.")]
    [TestCase(Json + "} {}", ":1: byte 30 was not expected; expected one JSON object.")]
    [TestCase(Json + "}\n[1]", ":2: the line: a list; expected a JSON object.")]
    [TestCase("{\"text\":\"a\"}", ":1: missing key 'image'; expected the path of an image.")]
    [TestCase("{\"image\":1}",
        ":1: image: 1; expected the path of an image. " +
        "Also: missing key 'text'; expected it, or a list of symbols under 'tokens'.")]
    [TestCase("{\"image\":\"\"}",
        ":1: image: \"\"; expected the path of an image. " +
        "Also: missing key 'text'; expected it, or a list of symbols under 'tokens'.")]
    [TestCase("{\"image\":\"a.png\"}", ":1: missing key 'text'; expected it, or a list of symbols under 'tokens'.")]
    [TestCase(Json + ",\"tokens\":[]}", ":1: both 'text' and 'tokens' are there; expected one of them.")]
    [TestCase("{\"image\":\"a.png\",\"text\":[\"a\"]}", ":1: text: a list; expected text.")]
    [TestCase("{\"image\":\"a.png\",\"text\":\"\\ud800\"}", ":1: text: half of a surrogate pair; expected text.")]
    [TestCase("{\"image\":\"a.png\",\"tokens\":\"a\"}", ":1: tokens: \"a\"; expected a list of symbols.")]
    [TestCase("{\"image\":\"a.png\",\"tokens\":[\"a\",\"\"]}", ":1: tokens[1]: \"\"; expected a symbol.")]
    [TestCase(Json + ",\"tekst\":1}", ":1: unknown key 'tekst'; did you mean 'text'?")]
    [TestCase(Json + ",\"text\":\"b\"}", ":1: the key 'text' occurs twice; expected it once.")]
    [TestCase("c.png\ta\tb",
        ":1: the image is c.png; expected a file, but ~/c.png does not exist. Also: there are 2 tabs; expected one, between the path of an image " +
        "and its text.")]
    [TestCase("{\"image\":\"a.png\",\"tekst\":1}",
        ":1: unknown key 'tekst'; did you mean 'text'? Also: missing key 'text'; expected it, or a list of symbols under 'tokens'.")]
    [TestCase(Json + ",\"image-page\":0}", ":1: image-page: 0; expected the number of a page, from 1.")]
    [TestCase(Json + ",\"image-page\":\"2\"}", ":1: image-page: \"2\"; expected the number of a page, from 1.")]
    [TestCase(Json + ",\"group\":[]}", ":1: group: a list; expected a name.")]
    [TestCase(Json + ",\"writer\":\"a\",\"speaker\":\"b\"}", ":1: both 'speaker' and 'writer' are there; expected one of group, speaker, writer.")]
    [TestCase(Json + ",\"graph\":{}}", ":1: the graph has no key 'states'; expected states, arcs, initial, final.")]
    [TestCase(Json + ",\"graph\":{\"states\":[1],\"arcs\":[],\"initial\":[],\"final\":[]}}",
        ":1: states[0] is 1; expected a symbol, or null for the blank.")]
    [TestCase(Json + ",\"graph\":{\"states\":[\"a\"],\"arcs\":[[0,1]],\"initial\":[],\"final\":[]}}",
        ":1: arcs[0] goes to state 1; expected a state in [0, 1).")]
    public void What_is_wrong_is_said_in_one_sentence(string text, string message)
    {
        using var folder = Images();
        string expected = folder.In("list") + message.Replace("~", folder.In(".")[..^2], StringComparison.Ordinal);
        Assert.That(() => Read(folder, text), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(expected));
    }

    [Test]
    public void Bytes_that_are_no_UTF8_are_found()
    {
        using var folder = Images();
        File.WriteAllBytes(folder.In("list"), [.. "a.png\ta\nb.png\t"u8, 0xE4]);
        Assert.That(
            () => ManifestFile.Load(folder.In("list"), AsWritten),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"{folder.In("list")}:2 holds bytes that are no UTF-8; expected text in UTF-8."));
    }

    [Test]
    public void All_bad_lines_are_named_together_or_one_by_one_beside_the_others()
    {
        using var folder = Images();
        File.WriteAllBytes(folder.In("list"), [.. "a.png\ta\nc.png\ta\nb.png\t"u8, 0xE4, .. "\nb.png\tb\na.png\tc\nb\n"u8]);
        string[] sentences =
        [
            $"{folder.In("list")}:3 holds bytes that are no UTF-8; expected text in UTF-8.",
            $"{folder.In("list")}:2: the image is c.png; expected a file, but {folder.In("c.png")} does not exist.",
            $"{folder.In("list")}:6: there are 0 tabs; expected one, between the path of an image and its text.",
            $"{folder.In("list")}:5: the id is 'a.png', as at {folder.In("list")}:1; expected an id of its own.",
        ];
        Assert.That(
            () => ManifestFile.Load(folder.In("list"), AsWritten),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(string.Join('\n', sentences)));
        List<string> told = [];
        IReadOnlyList<ManifestLine> read = ManifestFile.LoadValid(folder.In("list"), AsWritten, new Refusals(told.Add));
        Assert.That(read.Select(line => line.Id), Is.EqualTo(new[] { "a.png", "b.png" }));
        Assert.That(told, Is.EqualTo(sentences));
    }

    [Test]
    public void A_manifest_that_is_not_there_is_named() =>
        Assert.That(() => ManifestFile.Load("no.txt", AsWritten), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("no.txt cannot be read: "));

    [Test]
    [Category("Slow")]
    public void Damaged_manifests_are_read_or_refused([Range(0, 9)] int seed)
    {
        using var folder = Images();
        string[] whole =
        [
            "a.png\tall that the first line says\r\nb.png\twhat the second says\n",
            """{"image":"a.png","tokens":["all","that","the","first","line","says"],"id":"1","group":"g","graph":{"states":["a",null],"arcs":[""" +
                """[0,0,-1],[0,1]],"initial":[[0]],"final":[[1]]}}""",
        ];
        var random = new Random(seed);
        int read = 0;
        for (int i = 0; i < 200; i++)
        {
            File.WriteAllBytes(folder.In("list"), DamagedText.Of(Encoding.UTF8.GetBytes(whole[i % 2]), "{}[],:\"\\\n\r\t 01.-ab"u8, random));
            try
            {
                foreach (ManifestLine line in ManifestFile.Load(folder.In("list"), AsWritten))
                {
                    line.ToUtterance(new Alphabet([.. line.AllSymbols.Distinct()]), AsWritten, 4, Unread);
                }
                read++;
            }
            catch (InvalidDataException refusal)
            {
                foreach (string sentence in refusal.Message.Split('\n'))
                {
                    Assert.That(sentence, Does.StartWith(folder.In("list")).And.Match("expected|did you mean"));
                }
            }
        }

        Assert.That(read, Is.InRange(10, 190), "some of each kind");
    }

    private static StoredFeatures Unread => new(FeatureCache.None, pack: null, new PackEntry { Count = 8 });

    private static TemporaryFolder Images()
    {
        var folder = new TemporaryFolder();
        foreach (string name in new[] { "a.png", "b.png" }) LineImage.Write(folder.In(name), new Utterance(name, new float[8], 2, []));
        return folder;
    }

    private static IReadOnlyList<ManifestLine> Read(TemporaryFolder folder, string text)
    {
        File.WriteAllText(folder.In("list"), text);
        return ManifestFile.Load(folder.In("list"), AsWritten);
    }
}
