using Ctc.Configuration.Schema;
using Ctc.Experiments.Training;

namespace Ctc.Experiments.Tests.Training;

public class LearningRateTests
{
    private const int StepsInEpoch = 10;

    private static readonly TrainingConfiguration Train = new() { LearningRate = 0.4, Epochs = 5 };
    private static readonly TrainingTime TenSteps =
        new(10, TrainingUnit.Steps), FortySteps = new(40, TrainingUnit.Steps), OneEpoch = new(1, TrainingUnit.Epochs);

    [Test]
    public void A_constant_is_the_number_itself() => Assert.That(Enumerable.Range(0, 50).Select(step => At(Train, step)), Is.All.EqualTo(0.4));

    [TestCase(0, 0.4)]
    [TestCase(25, 0.2)]
    [TestCase(49, 0.2 * (1 + -0.99802672842827156))] // 1 + cos(0.98 π)
    public void A_cosine_falls_to_nothing(int step, double rate) =>
        Assert.That(At(Train with { Schedule = new CosineSchedule() }, step), Is.EqualTo(rate).Within(1e-15));

    [TestCase(0, 0.4)]
    [TestCase(25, 0.22)] // halfway between 1 and a tenth
    public void A_cosine_may_leave_a_share(int step, double rate) =>
        Assert.That(At(Train with { Schedule = new CosineSchedule { To = 0.1 } }, step), Is.EqualTo(rate).Within(1e-15));

    [TestCase(0, 0.4)]
    [TestCase(20, 0.24)]
    [TestCase(49, 0.008)]
    public void A_line_falls_to_nothing(int step, double rate) =>
        Assert.That(At(Train with { Schedule = new LinearSchedule() }, step), Is.EqualTo(rate).Within(1e-15));

    [TestCase(0, 0.04)]
    [TestCase(4, 0.2)]
    [TestCase(9, 0.4)]
    [TestCase(10, 0.4)]
    [TestCase(30, 0.2)] // half of the forty steps behind the warm-up
    [TestCase(49, 0.01)]
    public void A_warm_up_rises_to_the_rate_in_its_last_step_and_the_schedule_begins_behind_it(int step, double rate)
    {
        foreach (TrainingTime time in new[] { TenSteps, OneEpoch })
        {
            Assert.That(At(Train with { Schedule = new LinearSchedule(), WarmUp = time }, step), Is.EqualTo(rate).Within(1e-15));
        }
    }

    [Test]
    public void A_warm_up_longer_than_training_never_ends() =>
        Assert.That(At(Train with { Schedule = new CosineSchedule(), WarmUp = new(100, TrainingUnit.Steps) }, 49), Is.EqualTo(0.2).Within(1e-15));

    [TestCase(9, 0.4)]
    [TestCase(10, 0.2)]
    [TestCase(39, 0.2)]
    [TestCase(40, 0.1)]
    public void Steps_multiply_in_the_step_that_they_name(int step, double rate)
    {
        var schedule = new StepSchedule { Values = [1, 0.5, 0.25], Starts = [TenSteps, FortySteps] };
        Assert.That(At(Train with { Schedule = schedule }, step), Is.EqualTo(rate));
    }

    // Errors of the dev set after each epoch, and the rate of the next epoch at a factor of a half, where one bad epoch is borne.
    [TestCase("", 0.4)]
    [TestCase("5", 0.4)]
    [TestCase("5 6", 0.4)]
    [TestCase("5 6 6", 0.2)]
    [TestCase("5 6 5", 0.2, Description = "as good is not better")]
    [TestCase("5 6 4 6", 0.4)]
    [TestCase("5 6 6 6", 0.2)]
    [TestCase("5 6 6 6 6", 0.1)]
    [TestCase("5 6 6 4 4 4", 0.1)]
    public void A_plateau_halves_the_rate_when_patience_is_at_its_end(string errors, double rate)
    {
        EpochMetrics[] epochs =
            [.. errors.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((error, i) => Epoch(i + 1, double.Parse(error), 1))];
        Assert.That(At(Train with { Schedule = new PlateauSchedule { Patience = 1 } }, 0, epochs), Is.EqualTo(rate));
    }

    [Test]
    public void On_a_plateau_of_errors_the_loss_decides() =>
        Assert.That(
            At(Train with { Schedule = new PlateauSchedule { Patience = 0 } }, 0, Epoch(1, 5, 3), Epoch(2, 5, 2), Epoch(3, 5, double.NaN)),
            Is.EqualTo(0.2));

    private static double At(TrainingConfiguration train, int step, params EpochMetrics[] epochs) =>
        new LearningRate(train, StepsInEpoch).At(new Progress(step, (double)step / StepsInEpoch, Training: true) { Course = Course(epochs) });

    private static TrainingCourse Course(EpochMetrics[] epochs) =>
        new(Train.Epochs, StepsInEpoch) { Results = [.. epochs.Select(epoch => epoch.Result)] };

    private static EpochMetrics Epoch(int number, double errors, double loss) => new(number, 0, loss, errors, 0, 0, 0);
}
