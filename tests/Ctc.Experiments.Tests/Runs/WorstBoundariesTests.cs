using Ctc.Experiments.Pictures;
using Ctc.Experiments.Runs;
using Ctc.Experiments.Training;
using Ctc.Tests;

namespace Ctc.Experiments.Tests.Runs;

/// <summary>Pictures of the utterances with the largest boundary errors.</summary>
public class WorstBoundariesTests
{
    [Test]
    public void Three_are_drawn_by_the_mean_of_their_absolute_errors()
    {
        using var folder = new TemporaryFolder();
        double[]?[] errors = [[5, -5], null, [-30, 0], [1, 1], [20, 20], []];
        Write(folder.Path, errors, longest: 3);
        int[] found = [.. Enumerable.Range(0, 6).Where(position => WorstBoundaries.Find(folder.Path, position) is not null)];
        Assert.That(found, Is.EqualTo(new[] { 0, 2, 4 }));
        Assert.That(Path.GetFileName(WorstBoundaries.Find(folder.Path, 4)), Is.EqualTo("5-a_b.png"));
        Assert.That(WorstBoundaries.Order(Results(errors)).First(), Is.EqualTo((4, 20.0)));

        Write(folder.Path, [[1], [2], [3], [4], [5]], longest: 4);
        Assert.That(NumberedPictures.Written(folder.In("worst-boundaries")).Select(file => Path.GetFileName(file)[0]), Is.EqualTo("234"),
            "those of an earlier result are replaced, and one is too long to be drawn");
    }

    [Test]
    public void Without_a_truth_there_is_no_folder()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, [null, null], longest: 9);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    private static UtteranceResult[] Results(double[]?[] errors) =>
        [.. errors.Select(of => new UtteranceResult("a/b", ["x"], ["x"], 0, 1, null) { BoundaryErrors = of })];

    // One of the utterances has more frames than a picture shows.
    private static void Write(string run, double[]?[] errors, int longest)
    {
        Utterance[] set = [.. errors.Select((_, position) => Line(position == longest ? AlignmentPicture.MostFrames + 1 : 2))];
        WorstBoundaries.Write(run, set, Measurement.FromUtterances(Results(errors)), utterance =>
            new AlignmentDrawing(utterance, new Alphabet(["x"]), new float[utterance.Frames, 2], null, null, "x"));
    }

    private static Utterance Line(int frames) => new("a/b", new float[frames], frames, [1]);
}
