using Ctc.Configuration.Identity;
using Ctc.Configuration.Schema;
using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Data.Digits;
using Ctc.Experiments.Data.Manifest;
using Ctc.Experiments.Tests.Data.Common;
using Ctc.Experiments.Tests.Data.Digits;
using Ctc.Hosting;
using Ctc.Tests;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;

namespace Ctc.Experiments.Tests.Data.Manifest;

/// <summary>From manifests to utterances.</summary>
public class ManifestSourceTests
{
    private readonly TemporaryFolder folder = new();
    private readonly Dataset drawn = new DigitLinesSource(RealDigits.Few).Load();

    [OneTimeTearDown]
    public void Delete() => folder.Dispose();

    [Test]
    [Category("Slow")]
    public void Lines_that_were_written_are_the_lines_that_are_read([Values] bool json)
    {
        ManifestOptions options = Written($"same-{json}", drawn, json) with { Height = RealDigits.Few.Height };
        Dataset read = new ManifestSource(options).Load();
        Assert.That(read.Alphabet.Symbols, Is.EqualTo(drawn.Alphabet.Symbols));
        Assert.That(read.FeatureSize, Is.EqualTo(drawn.FeatureSize));
        (IReadOnlyList<Utterance>, IReadOnlyList<Utterance>)[] sets = [(drawn.Train, read.Train), (drawn.Dev, read.Dev), (drawn.Test, read.Test)];
        foreach ((IReadOnlyList<Utterance> before, IReadOnlyList<Utterance> after) in sets)
        {
            Assert.That(after.Select(line => line.Target), Is.EqualTo(before.Select(line => line.Target)));
            Assert.That(after.Select(line => line.ReadFeatures()), Is.EqualTo(before.Select(line => line.ReadFeatures())));
            Assert.That(after.Select(line => line.Frames), Is.EqualTo(before.Select(line => line.Frames)));
            Assert.That(after.Select(line => line.Id), Is.EqualTo(before.Select(line => line.Id + ".png")));
        }
    }

    [Test]
    [Category("Slow")]
    public void One_line_in_ten_is_put_aside_for_dev([Values(2, 9, 12, 25)] int count)
    {
        ManifestOptions options = Written($"aside-{count}", Few(count), json: false) with { Dev = null };
        Dataset read = new ManifestSource(options).Load(), again = new ManifestSource(options).Load();
        Dataset other = new ManifestSource(options with { Seed = 1 }).Load();
        Assert.That(read.Dev, Has.Count.EqualTo(Math.Max(1, count / 10)));
        Assert.That(Ids(read.Train.Concat(read.Dev)), Is.EquivalentTo(Enumerable.Range(0, count).Select(i => $"{i}.png")));
        Assert.That(Ids(read.Train), Is.EqualTo(Ids(read.Train).OrderBy(id => int.Parse(id.Split('.')[0]))), "the order of the manifest");
        Assert.That(Ids(again.Dev), Is.EqualTo(Ids(read.Dev)));
        if (count == 25) Assert.That(Ids(other.Dev), Is.Not.EqualTo(Ids(read.Dev)));
    }

    [Test]
    public void One_line_is_too_few_for_two_sets()
    {
        ManifestOptions options = Written("one", Few(1), json: false) with { Dev = null };
        Refuses(options, $"{options.Train} has 1 line; expected at least 2, to put one aside for dev, or lines of their own for dev.");
    }

    [Test]
    public void The_alphabet_is_that_of_the_training_set_and_of_the_listed_symbols()
    {
        ManifestOptions options = Texts("alphabet", train: "ba", dev: "a", test: "bab");
        Assert.That(new ManifestSource(options).Load().Alphabet.Symbols, Is.EqualTo(new[] { "a", "b" }));

        File.WriteAllText(folder.In("symbols"), "é\nB\n\n \na");
        Assert.That(
            new ManifestSource(options with { Symbols = folder.In("symbols") }).Load().Alphabet.Symbols,
            Is.EqualTo(new[] { " ", "B", "a", "b", "é" }));

        File.WriteAllText(folder.In("symbols"), "a\nb\na");
        Assert.That(
            new ManifestSource(options with { Symbols = folder.In("symbols") }).Load().Alphabet.Symbols,
            Is.EqualTo(new[] { "a", "b" }),
            "dictionaries of PaddleOCR repeat symbols");
    }

    [Test]
    public void What_the_model_could_not_say_is_not_forgotten_in_silence()
    {
        ManifestOptions options = Texts("unknown", train: "ab", dev: "xa", test: "ayx");
        Refuses(
            options,
            $"2 symbols of dev or test are in no line of {options.Train}: 'x' ({options.Dev}:1), 'y' ({options.Test}:1); " +
            "expected them there, or in a file under the option symbols, or symbols: from-all-sets.");

        File.WriteAllText(folder.In("known"), "x\ny");
        Dataset read = new ManifestSource(options with { Symbols = folder.In("known") }).Load();
        Assert.That(read.Alphabet.Format(read.Test[0].Target), Is.EqualTo("ayx"));

        ManifestOptions many = Texts("many", train: "a", dev: "a", test: string.Concat(Enumerable.Range('b', 25).Select(letter => (char)letter)));
        Assert.That(
            () => new ManifestSource(many).Load(),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("25 symbols").And.Message.Contains($"'u' ({many.Test}:1), ...; expected")
                .And.Message.Not.Contains("'v'"));
    }

    [Test]
    [Category("Slow")]
    public void Texts_that_look_alike_are_one_symbol_unless_the_option_says_otherwise()
    {
        ManifestOptions options = Texts("alike", train: "\u00E9", dev: "\u00E9", test: "e\u0301");
        Assert.That(new ManifestSource(options).Load().Alphabet.Symbols, Is.EqualTo(new[] { "\u00E9" }));
        Assert.That(
            new ManifestSource(options with { Normalization = UnicodeForm.Nfd }).Load().Alphabet.Symbols, Is.EqualTo(new[] { "e\u0301" }));
        Refuses(
            options with { Normalization = UnicodeForm.None },
            $"1 symbols of dev or test are in no line of {options.Train}: 'e\u0301' U+0065 U+0301 ({options.Test}:1); " +
            "expected them there, or in a file under the option symbols, or symbols: from-all-sets.");
    }

    [Test]
    public void Tokens_and_graphs_are_normalized_as_texts_are()
    {
        ManifestOptions options = Texts("graphs", train: "\u00E9", dev: "\u00E9", test: "\u00E9");
        const string Graph = "{\"states\":[\"e\\u0301\"],\"arcs\":[],\"initial\":[[0]],\"final\":[[0]]}";
        File.WriteAllText(options.Test!, $"{{\"image\":\"graphs-test.png\",\"tokens\":[\"e\\u0301\"],\"graph\":{Graph}}}");
        Utterance line = new ManifestSource(options).Load().Test[0];
        Assert.That((line.Target, line.Graph!.Labels), Is.EqualTo((new long[] { 1 }, new long[] { 1 })));
    }

    [Test]
    public void The_direction_holds_for_the_sets_for_new_inputs_and_for_samples()
    {
        ManifestOptions options = Texts("mirrored", train: "a", dev: "a", test: "a") with { Height = drawn.FeatureSize };
        var source = new ManifestSource(options with { Direction = ReadingDirection.RightToLeft });
        Utterance plain = new ManifestSource(options).Load().Test[0], mirrored = source.Load().Test[0];
        Assert.That(
            mirrored.ReadFeatures().Chunk(drawn.FeatureSize),
            Is.EqualTo(plain.ReadFeatures().Chunk(drawn.FeatureSize).Reverse()), "the frames in reverse order");
        Assert.That(source.Read(folder.In("mirrored-test.png")).ReadFeatures(), Is.EqualTo(mirrored.ReadFeatures()));
        string written = source.Write(mirrored, Directory.CreateDirectory(folder.In("written")).FullName)!;
        Assert.That(source.Read(written).ReadFeatures(), Is.EqualTo(mirrored.ReadFeatures()));
    }

    [Test]
    public void A_training_set_must_say_something()
    {
        ManifestOptions options = Texts("nothing", train: "", dev: "", test: "");
        Refuses(options, $"{options.Train} has no text; expected symbols to learn.");
    }

    [Test]
    public void No_image_is_in_two_sets()
    {
        ManifestOptions options = Texts("shared", train: "a", dev: "a", test: "a");
        File.WriteAllText(options.Test!, File.ReadAllText(options.Train));
        Refuses(
            options,
            $"{options.Test}:1: the image {folder.In("shared-train.png")} is that of {options.Train}:1 too; " +
            "expected sets that share no image, nor a copy of one.");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_copy_or_a_link_of_a_training_image_is_in_no_other_set(bool link)
    {
        if (link && OperatingSystem.IsWindows()) Assert.Ignore("Links need a privilege here.");
        ManifestOptions options = Texts($"copied-{link}", train: "a", dev: "a", test: "a");
        string train = folder.In($"copied-{link}-train.png"), test = folder.In($"copied-{link}-test.png");
        File.Delete(test);
        if (link) File.CreateSymbolicLink(test, train);
        else File.Copy(train, test);
        Refuses(
            options,
            $"{options.Test}:1: the image {test} has the content of {train}, that of {options.Train}:1; " +
            "expected sets that share no image, nor a copy of one.");
    }

    [Test]
    public void No_copy_of_a_line_that_is_put_aside_is_trained_on([Range(0, 5)] int seed)
    {
        ManifestOptions options = Texts($"aside-copies-{seed}", train: "a", dev: "a", test: "a") with { Dev = null, Seed = seed };
        string name = Path.GetFileName(options.Train);
        File.Copy(folder.In($"{name}.png"), folder.In($"{name}-again.png"));
        File.AppendAllText(options.Train, $"{name}-again.png\ta\n{name[..^6]}-dev.png\ta\n");
        Dataset read = new ManifestSource(options).Load();
        Assert.That(Ids(read.Dev), Is.EqualTo(new[] { $"{name[..^6]}-dev.png" }));
        Assert.That(read.Train, Has.Count.EqualTo(2));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Of_images_that_each_occur_often_all_lines_of_one_are_put_aside(int images)
    {
        ManifestOptions options = Texts($"often-{images}", train: "a", dev: "b", test: "a") with { Dev = null };
        foreach (string image in new[] { "train", "dev" }.Take(images))
        {
            foreach (string copy in new[] { $"often-{images}-{image}-2.png", $"often-{images}-{image}-3.png" })
            {
                File.Copy(folder.In($"often-{images}-{image}.png"), folder.In(copy));
                File.AppendAllText(options.Train, $"{copy}\ta\n");
            }
        }

        if (images == 2) File.AppendAllText(options.Train, "often-2-dev.png\ta\n");
        if (images == 1)
        {
            Refuses(
                options,
                $"{options.Train}: all 3 lines have the same image; expected another one, to put aside for dev, or lines of their own for dev.");
            return;
        }

        Dataset read = new ManifestSource(options).Load();
        Assert.That((read.Train.Count, read.Dev.Count), Is.EqualTo((3, 3)));
        Assert.That(read.Train[0].ReadFeatures(), Is.Not.EqualTo(read.Dev[0].ReadFeatures()));
    }

    [Test]
    public void A_copy_within_one_set_is_no_leak()
    {
        ManifestOptions options = Texts("twice", train: "a", dev: "a", test: "a");
        File.Copy(folder.In("twice-train.png"), folder.In("twice-again.png"));
        File.AppendAllText(options.Train, "twice-again.png\ta\n");
        Assert.That(new ManifestSource(options).Load().Train, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_damaged_image_is_named_with_its_line()
    {
        ManifestOptions options = Texts("damaged", train: "a", dev: "a", test: "a");
        File.WriteAllText(folder.In("damaged-dev.png"), "no image");
        Refuses(
            options,
            $"{options.Dev}:1: {folder.In("damaged-dev.png")} cannot be read as an image (Unimplemented); " +
            "expected an image of one line, a PNG, JPEG, WebP, BMP, GIF or TIFF.");
    }

    [TestCase(SKEncodedImageFormat.Jpeg)]
    [TestCase(SKEncodedImageFormat.Webp)]
    public void Other_formats_are_read_too(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(40, 20, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(SKColors.Black);
        using SKData data = bitmap.Encode(format, 100);
        File.WriteAllBytes(folder.In("other.image"), data.ToArray());
        Utterance read = LineImage.Load(folder.In("other.image"), 10);
        Assert.That((read.Frames, read.ReadFeatures().Min()), Is.EqualTo((20, 1f)).Within(0.02));
    }

    [Test]
    public void Samples_have_names_that_are_files()
    {
        var source = new ManifestSource(Texts("samples", train: "a", dev: "a", test: "a"));
        var line = new Utterance("a/b/line.jpg", drawn.Test[0].ReadFeatures(), drawn.Test[0].Frames, drawn.Test[0].Target);
        string file = source.Write(line, folder.In("."))!;
        Assert.That(Path.GetFileName(file), Is.EqualTo("a_b_line.jpg.png"));
        Assert.That(LineImage.Load(file, drawn.FeatureSize).ReadFeatures(), Is.EqualTo(line.ReadFeatures()));
    }

    [Test]
    [Category("Slow")]
    public void The_identity_of_a_run_follows_from_manifests_and_images_alone()
    {
        ManifestOptions options = Texts("identity", train: "ab", dev: "a", test: "b");
        ManifestOptions same = Texts("identity", train: "ab", dev: "a", test: "b", within: "elsewhere");
        string before = Identity(options);
        Assert.That(Identity(same), Is.EqualTo(before));
        Assert.That(
            new ManifestSource(options).DataFiles(), Is.EqualTo(new[] { "train", "dev", "test" }.Select(set => folder.In($"identity-{set}.png"))));

        byte[] image = File.ReadAllBytes(folder.In("identity-test.png"));
        LineImage.Write(folder.In("identity-test.png"), drawn.Test[0]);
        Assert.That(Identity(options), Is.Not.EqualTo(before));
        File.WriteAllBytes(folder.In("identity-test.png"), image);
        Assert.That(Identity(options), Is.EqualTo(before));
        File.AppendAllText(options.Train, "\n");
        Assert.That(Identity(options), Is.Not.EqualTo(before));
    }

    private static IEnumerable<string> Ids(IEnumerable<Utterance> lines) => lines.Select(line => line.Id);

    private static string Identity(ManifestOptions options)
    {
        string data = $"data: {{ source: manifest, train: '{options.Train}', dev: '{options.Dev}', test: '{options.Test}' }}";
        string text = $"name: x\n{data}\nmodel: {{ encoder: conv }}\n";
        using ServiceProvider services = new ServiceCollection().AddCtcExperiments().BuildServiceProvider();
        var parts = services.GetRequiredService<PartCatalog>();
        return RunIdentity.Compute(ExperimentFile.Parse(text, "x.yaml", Path.GetTempPath()).Bind(parts), "1");
    }

    private void Refuses(ManifestOptions options, string message) =>
        Assert.That(() => new ManifestSource(options).Load(), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message));

    private Dataset Few(int count)
    {
        Utterance[] lines = [.. Enumerable.Range(0, count).Select(i => Labelled($"{i}", drawn.Train[i % drawn.Train.Count]))];
        return new Dataset(drawn.Alphabet, drawn.FeatureSize, lines, drawn.Dev, [Labelled(drawn.Test[0].Id, drawn.Test[0])]);

        static Utterance Labelled(string id, Utterance line) => new(id, line.ReadFeatures(), line.Frames, [1]);
    }

    /// <summary>One image and one line for each set.</summary>
    private ManifestOptions Texts(string name, string train, string dev, string test, string within = ".")
    {
        Directory.CreateDirectory(folder.In(within));
        return new ManifestOptions { Train = Text("train", train, 0), Dev = Text("dev", dev, 1), Test = Text("test", test, 2) };

        string Text(string set, string text, int line)
        {
            LineImage.Write(Path.GetFullPath(Path.Combine(folder.In(within), $"{name}-{set}.png")), drawn.Train[line]);
            string file = Path.GetFullPath(Path.Combine(folder.In(within), $"{name}-{set}"));
            File.WriteAllText(file, $"{name}-{set}.png\t{text}\n");
            return file;
        }
    }

    private ManifestOptions Written(string name, Dataset data, bool json) => WrittenLines.Of(folder.In(name), data, json);
}
