using Ctc.Experiments.Data.Common;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>The images of the lines with the most errors.</summary>
public class WorstLinesTests
{
    [Test]
    public void The_ten_lines_with_the_most_errors_are_written_and_found_by_their_place()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, new Images(), lines: 14, errors: position => position - 1);
        IEnumerable<int> found = Enumerable.Range(0, 14).Where(position => WorstLines.Find(folder.Path, position) is not null);
        Assert.That(found, Is.EqualTo(Enumerable.Range(4, 10)));
        Assert.That(Path.GetFileName(WorstLines.Find(folder.Path, 9)), Is.EqualTo("10-a_b.png"));
    }

    [Test]
    public void Those_of_an_earlier_result_are_replaced_and_other_files_are_left()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, new Images(), lines: 3, errors: _ => 1);
        File.WriteAllText(folder.In("worst-lines", "mine.png"), "");
        Write(folder.Path, new Images(), lines: 3, errors: position => position);
        string[] names = [.. Directory.EnumerateFiles(folder.In("worst-lines")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.That(names, Is.EqualTo(new[] { "2-a_b.png", "3-a_b.png", "mine.png" }));
        Assert.That(NumberedPictures.Written(folder.In("worst-lines")), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_source_without_images_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, new Sounds(), lines: 2, errors: _ => 1);
        Assert.That(Directory.EnumerateFiles(folder.In("worst-lines")), Is.Empty);
        Assert.That(WorstLines.Find(folder.In("missing"), 0), Is.Null);
    }

    private static void Write(string run, IDataSource source, int lines, Func<int, int> errors) => WorstLines.Write(
        run,
        source,
        [.. Enumerable.Range(0, lines).Select(_ => new Utterance("a/b", [0, 1], 2, []))],
        Measurement.FromUtterances(
            [.. Enumerable.Range(0, lines).Select(position => new UtteranceResult("a/b", ["x"], ["x"], Math.Max(0, errors(position)), 1, null))]));

    private sealed class Images : IDataSource
    {
        public Dataset Load() => throw new NotSupportedException();

        public Utterance Read(string file) => throw new NotSupportedException();

        public string? Write(Utterance utterance, string folder) => LineImage.WriteInto(folder, utterance);
    }

    private sealed class Sounds : IDataSource
    {
        public Dataset Load() => throw new NotSupportedException();

        public Utterance Read(string file) => throw new NotSupportedException();

        public string? Write(Utterance utterance, string folder)
        {
            string file = Path.Combine(folder, $"{utterance.Id.Replace('/', '_')}.wav");
            File.WriteAllText(file, "");
            return file;
        }
    }
}
