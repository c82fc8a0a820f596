namespace Ctc.Experiments.Tests.Data;

public class UtteranceTests
{
    [Test]
    public void Features_are_read_when_they_are_needed_and_each_time()
    {
        int reads = 0;
        var line = new Utterance("line", frames: 2, featureCount: 4, room => room.Fill(++reads), [1]);
        Assert.That(reads, Is.Zero);
        float[] buffer = [9, 9, 9, 9, 9, 9];
        line.CopyFeatures(buffer);
        Assert.That(buffer, Is.EqualTo(new float[] { 1, 1, 1, 1, 9, 9 }), "no more than its own");
        Assert.That(line.ReadFeatures(), Is.EqualTo(new float[] { 2, 2, 2, 2 }));
    }

    [Test]
    public void An_array_is_copied_out()
    {
        var line = new Utterance("line", [1, 2, 3], 3, []);
        line.ReadFeatures()[0] = 7;
        Assert.That((line.FeatureCount, line.ReadFeatures()), Is.EqualTo((3, new float[] { 1, 2, 3 })));
    }

    [Test]
    public void Too_little_room_is_refused() => Assert.That(
        () => new Utterance("a line", [1, 2, 3], 3, []).CopyFeatures(new float[2]),
        Throws.ArgumentException.With.Message.StartsWith("There is room for 2 features of utterance a line; expected room for 3."));

    [Test]
    public void Another_name_or_target_leaves_the_rest()
    {
        var line = new Utterance("line", [1, 2], 2, [1]) { Graph = Graph.FromTarget([1], 0), Spans = [new(0, 1)], Group = "writer" };
        Utterance named = line.WithId("other"), said = line.WithTarget([2, 2], [new(0, 1), new(1, 2)]);
        Assert.That(
            (named.Id, named.Target, named.Graph, named.Spans, named.Group), Is.EqualTo(("other", line.Target, line.Graph, line.Spans, "writer")));
        Assert.That((said.Id, said.Graph, said.Spans!.Count, said.Group), Is.EqualTo(("line", (Graph?)null, 2, "writer")));
        Assert.That(said.Target, Is.EqualTo(new long[] { 2, 2 }));
        Assert.That(named.ReadFeatures().Concat(said.ReadFeatures()), Is.EqualTo(new float[] { 1, 2, 1, 2 }));
    }
}
