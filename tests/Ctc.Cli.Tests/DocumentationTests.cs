using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ctc.Cli.Tests.Loss;
using Ctc.Tests;

namespace Ctc.Cli.Tests;

/// <summary>The commands, configurations and links of the documentation work.</summary>
public partial class DocumentationTests
{
    private static readonly string[] CompiledFolders = ["src", "plugins", "samples", "templates", "tests"];

    private static readonly string[] Whole = ["docs/experiments.md", "docs/encoders.md", "docs/speech.md"]; // pages with whole experiments

    private const string Data = "docs/data.md"; // its files are fictitious
    private const string Sweep = "docs/sweeps.md";
    private const string Slurm = "docs/slurm.md";
    private const string Library = "docs/library.md";
    private const string Contract = "src/Ctc.Abstractions/README.md";
    private const string Around = "name: x\ndata: { source: digit-lines, file: ../data/digits/digits.csv.gz }\nmodel: { encoder: bilstm }\n";

    [Test]
    public void The_plugin_in_the_README_is_the_sample_that_is_compiled() =>
        Assert.That(DocumentationPage.Blocks("README.md", "csharp"), Is.EqualTo(new[] { DocumentationPage.Text("samples", "HingeCtc", "Hinge.cs") }));

    [TestCaseSource(nameof(PagesWithCode))]
    [Category("Slow")]
    public void All_code_shown_is_code_that_is_compiled(string page)
    {
        string[] compiled = [.. CompiledFolders.SelectMany(SourceFiles).Select(file => Flat(File.ReadAllText(file)))];
        foreach (string block in DocumentationPage.Blocks(page, "csharp"))
        {
            Assert.That(compiled.Any(code => code.Contains(Flat(block), StringComparison.Ordinal)), block);
        }
    }

    [Test]
    public void What_is_checked_by_its_kind_is_on_the_pages_that_are_checked()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(DocumentationPage.With("json"), Is.EquivalentTo(new[] { Data, "docs/loss.md", "docs/graphs.md" }));
            Assert.That(DocumentationPage.With("xml"), Is.EquivalentTo(new[] { Contract, Library, Data }));
            Assert.That(PagesWithCode(), Is.SupersetOf(new[] { "README.md", "docs/library.md", "docs/graphs.md" }));
            Assert.That(
                DocumentationPage.All().SelectMany(DocumentationPage.Languages).Distinct(),
                Is.SubsetOf(new[] { "", "csharp", "yaml", "json", "xml", "text", "python", "sh", "mermaid" }));
        }
    }

    [TestCase(Contract, "Morse")]
    [TestCase(Library, "TrainingLoop")]
    public void The_project_file_shown_is_that_of_the_sample(string page, string sample) =>
        Assert.That(
            WithoutSource(DocumentationPage.Blocks(page, "xml").Single()),
            Is.EqualTo(WithoutSource(DocumentationPage.Text("samples", sample, sample + ".csproj"))));

    [Test]
    public void The_program_shown_is_that_of_the_sample() =>
        Assert.That(DocumentationPage.Blocks(Library, "csharp").First(), Is.EqualTo(DocumentationPage.Text("samples", "TrainingLoop", "Program.cs")));

    [TestCase(Sweep, "--dry-run", "20 runs, 20 of them to be run.\n")]
    [TestCase(Slurm, "--print", "#SBATCH --gres=gpu:1\n")]
    public void The_sweep_shown_can_be_planned(string page, string option, string printed)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("data", "digits"));
        Directory.CreateDirectory(folder.In("configs"));
        File.Copy(Path.Combine(CtcCommand.Repository, "data", "digits", "digits.csv.gz"), folder.In("data", "digits", "digits.csv.gz"));
        File.WriteAllText(folder.In("configs", "x.yaml"), DocumentationPage.Blocks(page, "yaml").Single());
        CommandOutput planned = CtcInProcess.Run("sweep", folder.In("configs", "x.yaml"), option, "--output", folder.In("sweep"));
        Assert.That((planned.ExitCode, planned.Error), Is.EqualTo((0, "")));
        Assert.That(planned.Output, Does.Contain(printed));
    }

    [Test]
    [Category("Slow")]
    public void The_sample_trains_from_outside_the_plugins_folder()
    {
        using var folder = new TemporaryFolder();
        string sample = Path.Combine(TestContext.CurrentContext.TestDirectory, "samples", "HingeCtc", "HingeCtc.dll");
        CommandOutput run = CtcInProcess.Run(
            "run", "configs/smoke.yaml", "train.epochs=1", $"plugins=['{sample}']", "objective.weighting=[{hinge: {margin: 0.5}}]", "--output",
            folder.In("run"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        Assert.That(File.ReadAllText(folder.In("run", "run.json")), Does.Contain("HingeCtc.dll"));
    }

    [TestCaseSource(nameof(PagesWithExperiments))]
    [Category("Slow")]
    public void Every_experiment_shown_can_be_run(string page)
    {
        string around = Whole.Contains(page) ? "" : Around;
        string[] blocks = [.. DocumentationPage.Blocks(page, "yaml")];
        Assert.That(blocks, Is.Not.Empty);
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("data", "digits"));
        Directory.CreateDirectory(folder.In("configs"));
        File.Copy(Path.Combine(CtcCommand.Repository, "data", "digits", "digits.csv.gz"), folder.In("data", "digits", "digits.csv.gz"));
        Directory.CreateDirectory(folder.In("data", "sentences"));
        File.WriteAllText(folder.In("data", "sentences", "sentences.txt"), "one");
        WriteSpeech(folder);
        Directory.CreateDirectory(folder.In("runs"));
        File.WriteAllText(folder.In("runs", "teacher.safetensors"), "of distillation");
        File.WriteAllText(folder.In("configs", "lexicon.txt"), DocumentationPage.Blocks("docs/lexicon.md", "text").First());
        foreach (string block in blocks)
        {
            File.WriteAllText(folder.In("configs", "x.yaml"), around + block);
            CommandOutput explained = CtcInProcess.Run("explain", folder.In("configs", "x.yaml"));
            Assert.That((explained.ExitCode, explained.Error), Is.EqualTo((0, "")));
        }
    }

    // The manifest of recordings that is shown, and sound for it: a sample, which differs from file to file.
    private static void WriteSpeech(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.In("configs", "speech", "wav"));
        string[] names = ["0001.wav", "long.flac", "0003.wav", "dev.wav", "test.wav"];
        for (short i = 0; i < names.Length; i++) SoundFile.Write(folder.In("configs", "speech", "wav", names[i]), i);

        string shown = DocumentationPage.Blocks("docs/speech.md", "text").Single(block => block.StartsWith('{'));
        File.WriteAllText(folder.In("configs", "speech", "train.jsonl"), shown);
        foreach (string set in new[] { "dev", "test" })
        {
            File.WriteAllText(folder.In("configs", "speech", $"{set}.jsonl"), $"{{\"audio_filepath\": \"wav/{set}.wav\", \"text\": \"so\"}}");
        }
    }

    [Test]
    [Category("Slow")]
    public void The_manifests_shown_can_be_read()
    {
        using var folder = new TemporaryFolder();
        string[] json = [.. DocumentationPage.Blocks(Data, "json")];
        Assert.That(json, Has.Length.EqualTo(2));
        Directory.CreateDirectory(folder.In("lines", "images"));
        string digits = folder.In("lines", "images", "0001.png");
        File.Copy(Path.Combine(CtcCommand.Repository, "docs", "images", "alignment.png"), digits);
        for (int i = 2; i <= 4; i++)
        {
            // What is behind the end of a PNG changes the file and not the image: a copy would be refused.
            File.WriteAllBytes(digits.Replace("1.png", $"{i}.png", StringComparison.Ordinal), [.. File.ReadAllBytes(digits), (byte)i]);
        }

        string[] text = [.. DocumentationPage.Blocks(Data, "text")];
        File.WriteAllText(folder.In("lines", "train.txt"), text.Single(block => block.Contains('\t', StringComparison.Ordinal)));
        File.WriteAllText(folder.In("lines", "dev.txt"), "images/0004.png\tline\n");
        File.WriteAllText(folder.In("lines", "test.jsonl"), json[1]);
        File.WriteAllText(folder.In("lines", "symbols.txt"), "u\n");
        File.WriteAllText(
            folder.In("x.yaml"), $"name: x\n{DocumentationPage.Blocks(Data, "yaml").Single()}\nobjective: {{ topology: graph }}\n");
        CommandOutput run = CtcInProcess.Run("run", folder.In("x.yaml"), "train.epochs=1", "model.stride=1", "--output", folder.In("run"));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));

        File.WriteAllText(folder.In("lines", "train.txt"), json[0]);
        CommandOutput explained =
            CtcInProcess.Run("explain", folder.In("x.yaml"), "data={source: manifest, train: lines/train.txt, test: lines/test.jsonl}");
        Assert.That((explained.ExitCode, explained.Error), Is.EqualTo((0, "")));
        string own = $"data={{source: manifest, train: '{folder.In("lines", "train.txt")}', test: '{folder.In("lines", "test.jsonl")}', height: 24}}";
        explained = CtcInProcess.Run("explain", "configs/lines.yaml", own);
        Assert.That((explained.ExitCode, explained.Error), Is.EqualTo((0, "")), "the recipe with lines of your own");

        string tree = text.Single(block => block.Contains(".gt.txt", StringComparison.Ordinal));
        AssertAreRead(folder, tree.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    // The pairs shown, and the page shown among them: two books and a page.
    private static void AssertAreRead(TemporaryFolder folder, string[] files)
    {
        string image = Path.Combine(CtcCommand.Repository, "docs", "images", "alignment.png");
        for (int i = 0; i < files.Length; i++)
        {
            string file = folder.In("tree", files[i]);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            bool isText = files[i].EndsWith(".txt", StringComparison.Ordinal);
            File.WriteAllBytes(file, isText ? "one"u8.ToArray() : [.. File.ReadAllBytes(image), (byte)i]);
        }

        using var page = new SkiaSharp.SKBitmap(40, 20);
        using SkiaSharp.SKData png = page.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(folder.In("tree", "lines", "0001.png"), png.ToArray());
        File.WriteAllText(folder.In("tree", "lines", "page.xml"), DocumentationPage.Blocks(Data, "xml").Single());
        string own = $"data={{source: manifest, train: '{folder.In("tree", "lines")}', split-by: group, height: 24}}";
        CommandOutput explained = CtcInProcess.Run("explain", "configs/lines.yaml", own);
        Assert.That((explained.ExitCode, explained.Error), Is.EqualTo((0, "")));
    }

    [Test]
    public void Every_request_shown_has_the_answer_that_is_shown_below_it()
    {
        string[] blocks = [.. DocumentationPage.Blocks("docs/loss.md", "json")];
        Assert.That(blocks, Has.Length.EqualTo(6));
        foreach (string[] pair in blocks.Chunk(2))
        {
            JsonObject shown = JsonNode.Parse(pair[1])!.AsObject(), answer = LossInProcess.Ask(JsonNode.Parse(pair[0])!).AsObject();
            Assert.That(answer.Select(entry => entry.Key), Is.EqualTo(shown.Select(entry => entry.Key)));
            foreach ((string key, JsonNode? value) in shown)
            {
                Assert.That(LossInProcess.Numbers(answer[key]), Is.EqualTo(LossInProcess.Numbers(value)).Within(1e-12), key);
            }
        }
    }

    [TestCaseSource(typeof(DocumentationPage), nameof(DocumentationPage.All))]
    public void Every_link_leads_to_a_file(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(CtcCommand.Repository, page))!;
        IEnumerable<string> targets = Links(page).Select(target => target.Split('#')[0]).Where(target => target.Length > 0);
        Assert.That(targets.Where(target => !File.Exists(Path.Combine(folder, target))), Is.Empty);
    }

    [TestCaseSource(typeof(DocumentationPage), nameof(DocumentationPage.All))]
    public void Every_link_to_a_heading_leads_to_one(string page)
    {
        string folder = Path.GetDirectoryName(page)!;
        IEnumerable<string[]> targets = Links(page).Select(target => target.Split('#')).Where(target => target.Length == 2);
        Assert.That(targets.Where(target => !Headings(target[0].Length == 0 ? page : Path.Combine(folder, target[0])).Contains(target[1])), Is.Empty);
    }

    [TestCaseSource(nameof(PackedPages))]
    public void A_page_in_a_package_links_to_no_file_that_the_package_lacks(string page) =>
        Assert.That(Links(page), Is.Empty);

    private static IEnumerable<string> PackedPages() => DocumentationPage.All().Where(page => Packed().IsMatch(page));

    // The folder of the packages differs between readers.
    private static string WithoutSource(string project) =>
        string.Join('\n', project.Split('\n').Where(line => !line.Contains("<!--") && !line.Contains("RestoreAdditionalProjectSources")));

    private static IEnumerable<string> PagesWithExperiments() => DocumentationPage.With("yaml").Where(page => page is not (Data or Sweep or Slurm));

    private static IEnumerable<string> PagesWithCode() => DocumentationPage.With("csharp");

    /// <summary>The anchors of the headings of a page.</summary>
    private static IEnumerable<string> Headings(string page) => Heading().Matches(DocumentationPage.Text(page))
        .Select(match => NoName().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(CtcCommand.Repository, folder), "*.cs", SearchOption.AllDirectories);

    private static string Flat(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    /// <summary>The targets of the links of a page to other pages and files of the repository.</summary>
    private static IEnumerable<string> Links(string page) => Link().Matches(DocumentationPage.Text(page))
        .Select(match => match.Groups[1].Value).Where(target => !target.StartsWith("http", StringComparison.Ordinal));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(src/[^/]+|templates)/README\.md$")]
    private static partial Regex Packed();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex NoName();
}
