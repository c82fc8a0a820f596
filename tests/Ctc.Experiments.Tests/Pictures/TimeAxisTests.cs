using Ctc.Experiments.Pictures;

namespace Ctc.Experiments.Tests.Pictures;

public class TimeAxisTests
{
    [TestCase(17f, 60, 1.0, 5.0)] // 36 points are 2.1 frames.
    [TestCase(0.9f, 1000, 1.0, 50.0)] // … 40 frames.
    [TestCase(50f, 3, 1.0, 1.0)] // No fractions of frames.
    [TestCase(10f, 100, 0.01, 0.05)] // … 36 ms.
    public void Ticks_are_round_and_no_closer_than_their_labels(float frame, int frames, double unitsPerFrame, double step)
    {
        (double Value, float X)[] ticks = [.. new TimeAxis(10, frame, frames).Ticks(unitsPerFrame)];
        Assert.That(ticks[0], Is.EqualTo((0.0, 10f)));
        Assert.That(ticks[1].Value, Is.EqualTo(step).Within(1e-9));
        Assert.That(ticks[1].X - ticks[0].X, Is.GreaterThanOrEqualTo(35.9f));
        Assert.That(ticks[^1].Value, Is.InRange(frames * unitsPerFrame - step, frames * unitsPerFrame + 1e-9));
    }

    [Test]
    public void From_right_to_left_the_first_frame_is_on_the_right()
    {
        var time = new TimeAxis(10, 5, 4) { IsRightToLeft = true };
        Assert.That((time.X(0), time.X(4), time.Right), Is.EqualTo((30f, 10f, 30f)));
        Assert.That(time.Edges(0, 1), Is.EqualTo((25f, 30f)));
        Assert.That(Enumerable.Range(0, 4).Select(column => time.FrameAt(column, 4)), Is.EqualTo(new[] { 3, 2, 1, 0 }));
        Assert.That((time with { IsRightToLeft = false }).Edges(0, 1), Is.EqualTo((10f, 15f)));
    }
}
