using System.ComponentModel.DataAnnotations;

namespace Ctc.Engine.Tests.Schedules;

public class ScheduleTests
{
    private static readonly TrainingTime FourEpochs = new(4, TrainingUnit.Epochs), HundredSteps = new(100, TrainingUnit.Steps);

    [TestCase(0, 0.25)]
    [TestCase(1.0, 0.4375)]
    [TestCase(2.5, 0.71875)]
    [TestCase(4.0, 1)]
    [TestCase(9.5, 1)]
    public void A_line_goes_from_one_value_to_the_other_and_stays(double epoch, double value) =>
        Assert.That(new LinearSchedule { From = 0.25, To = 1, Until = FourEpochs }.At(new Progress(1_000, epoch, true)), Is.EqualTo(value));

    [TestCase(0, 8)]
    [TestCase(50, 4)]
    [TestCase(99, 0.08)]
    [TestCase(100, 0)]
    public void A_line_may_fall_and_may_count_steps(long step, double value) =>
        Assert.That(new LinearSchedule { From = 8, To = 0, Until = HundredSteps }.At(new Progress(step, 77, true)), Is.EqualTo(value).Within(1e-14));

    [TestCase(0, 9)]
    [TestCase(4.0, 5)]
    [TestCase(8.0, 3)]
    [TestCase(2.0, 1 + (8 * 0.70710678118654752))]
    [TestCase(1e9, 1)]
    public void An_exponential_halves_the_distance_in_its_half_life(double epoch, double value) =>
        Assert.That(
            new ExponentialSchedule { From = 9, To = 1, HalfLife = FourEpochs }.At(new Progress(0, epoch, true)), Is.EqualTo(value).Within(1e-14));

    [TestCase(0, 0.1)]
    [TestCase(99, 0.1)]
    [TestCase(100, 0.5)]
    [TestCase(249, 0.5)]
    [TestCase(250, 0)]
    [TestCase(1_000_000, 0)]
    public void Steps_jump_in_the_step_that_they_name(long step, double value)
    {
        var schedule = new StepSchedule { Values = [0.1, 0.5, 0], Starts = [HundredSteps, new(250, TrainingUnit.Steps)] };
        Assert.That(schedule.At(new Progress(step, 0, true)), Is.EqualTo(value));
    }

    [Test]
    public void A_constant_is_a_number_at_any_time() => Assert.That(((Schedule)0.3).At(new Progress(5, 2, true)), Is.EqualTo(0.3));

    [Test]
    public void Measuring_sees_the_value_of_its_progress() =>
        Assert.That(new LinearSchedule { From = 0, To = 1, Until = FourEpochs }.At(new Progress(0, 2, Training: false)), Is.EqualTo(0.5));

    [Test]
    public void Rounding_takes_no_schedule_beyond_its_ends()
    {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            double from = random.NextDouble(), to = random.NextDouble();
            var progress = new Progress(0, 4 * random.NextDouble(), true);
            double line = new LinearSchedule { From = from, To = to, Until = FourEpochs }.At(progress);
            double decay = new ExponentialSchedule { From = from, To = to, HalfLife = FourEpochs }.At(progress);
            Assert.That(new[] { line, decay }, Is.All.InRange(Math.Min(from, to), Math.Max(from, to)));
        }
    }

    [TestCase(1, TrainingUnit.Epochs, "1 epoch")]
    [TestCase(2.5, TrainingUnit.Epochs, "2.5 epochs")]
    [TestCase(1, TrainingUnit.Steps, "1 step")]
    [TestCase(300, TrainingUnit.Steps, "300 steps")]
    public void A_time_is_written_as_it_is_read(double count, TrainingUnit unit, string text) =>
        Assert.That(new TrainingTime(count, unit).ToString(), Is.EqualTo(text));

    [Test]
    public void Values_need_a_start_each_and_starts_must_rise_in_one_unit()
    {
        Assert.That(Faults([1, 2], [FourEpochs]), Is.Empty);
        Assert.That(Faults([1], []), Is.Empty);
        Assert.That(Faults([1, 2], []), Is.EqualTo(new[] { "steps has 2 values and 0 starts; expected a start for each value but the first" }));
        Assert.That(Faults([1, 2, 3], [FourEpochs, FourEpochs]), Has.Length.EqualTo(1));
        Assert.That(
            Faults([1, 2, 3], [FourEpochs, HundredSteps]),
            Is.EqualTo(new[] { "starts has 100 steps after 4 epochs; expected times of one unit, each later than the one before" }));
    }

    private static string[] Faults(double[] values, TrainingTime[] starts)
    {
        var schedule = new StepSchedule { Values = values, Starts = starts };
        return [.. schedule.Validate(new ValidationContext(schedule)).Select(fault => fault.ErrorMessage!)];
    }
}
