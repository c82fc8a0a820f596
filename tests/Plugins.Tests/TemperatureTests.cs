using Ctc.Engine.Objectives;
using Ctc.Tests;

namespace Ctc.Plugins.Tests;

[NoTensorLeaks]
public class TemperatureTests
{
    [Test]
    public void One_frame_is_read_at_its_temperature()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Objective flatter = new(Parts("tau: 2"));
        Tensor logits = torch.tensor([Math.Log(1), Math.Log(4), Math.Log(16)], [1, 1, 3]); // at τ = 2 as 1 : 2 : 4
        Assert.That(flatter.Evaluate(logits, new Batch([[2]], [1], tokens: 3)).Loss.ToDouble(), Is.EqualTo(Math.Log(7.0 / 4)).Within(1e-15));
    }

    // The model's normaliser drops out: log_softmax(y/τ) is log_softmax(logits/τ).
    [Test]
    public void It_is_plain_CTC_on_divided_logits([Range(0, 9)] int seed, [Values("0.5", "3")] string tau)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        RandomCase random = RandomCase.Draw(seed);
        using Objective read = new(Parts($"tau: {tau}"), Reduction.None, InfeasiblePolicy.Zero), plain =
            new(new ObjectiveParts(), Reduction.None, InfeasiblePolicy.Zero);
        Tensor divided = random.Logits / double.Parse(tau, System.Globalization.CultureInfo.InvariantCulture);
        Tensor difference = read.Evaluate(random.Logits, random.Batch).Loss - plain.Evaluate(divided, random.Batch).Loss;
        Assert.That(Distance.Between(difference, torch.zeros_like(difference)), Is.LessThan(1e-12));
    }

    [Test]
    [Category("Slow")]
    public void Gradients_equal_finite_differences([Range(0, 19)] int seed, [Values("", "tau: 0.4")] string options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Gradients.AssertTrue(Parts(options), RandomCase.Draw(seed));
    }

    private static ObjectiveParts Parts(string options) => new() { Emissions = [DiscoveredPart.Create<IEmissionTransform>("temperature", options)] };
}
