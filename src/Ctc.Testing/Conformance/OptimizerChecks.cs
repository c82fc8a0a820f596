using TorchSharp.Modules;

namespace Ctc.Testing.Conformance;

/// <summary>Checks of optimizers: a step goes down, by the learning rate of the step; the state is saved and loaded.</summary>
internal static class OptimizerChecks
{
    private const double Rate = 0.05;
    private const int Steps = 20;

    /// <summary>Takes a few steps on a sum of squares.</summary>
    public static void Use(Setting setting)
    {
        using var trial = new Trial(setting);
        trial.Take(Steps);
    }

    public static string? Values(Setting setting)
    {
        using var trial = new Trial(setting);
        double before = trial.Loss();
        trial.Take(Steps);
        double after = trial.Loss();
        return after < before ? null : $"{Steps} steps at a learning rate of {Rate} change a sum of squares from {before} to {after}; expected less";
    }

    public static string? Acts(Setting setting)
    {
        using var trial = new Trial(setting);
        trial.Take(1, rate: 0);
        return trial.Loss() == Trial.First
            ? null
            : "a step at a learning rate of 0 changes the weights; expected an optimizer that uses the learning rate of its parameter groups";
    }

    public static string? Repeat(Setting setting)
    {
        using Trial one = new(setting), other = new(setting);
        one.Take(Steps);
        other.Take(Steps);
        return one.IsSame(other) ? null : "a second optimizer with the same options gives other bits";
    }

    public static string? State(Setting setting)
    {
        using Trial whole = new(setting), cut = new(setting), rest = new(setting);
        whole.Take(2 * Steps);
        cut.Take(Steps);
        rest.Continue(cut);
        rest.Take(Steps);
        return whole.IsSame(rest) ? null : "saved and loaded into a new optimizer, its state gives other bits; expected all of it in its state_dict";
    }

    private sealed class Trial : IDisposable
    {
        private readonly Parameter[] weights = [new(torch.tensor(new[] { 1.0, -2.0 })), new(torch.full([2, 2], 0.5, torch.float64))];
        private readonly OptimizerHelper optimizer;

        public Trial(Setting setting) => optimizer = ((IOptimizer)setting.Factory.CreatePart(setting.Options)).Build(weights, Rate);

        public static double First => (1 + 4 + (4 * 0.25)) / 2;

        public double Loss() => Sum().ToDouble();

        public void Take(int steps, double rate = Rate)
        {
            for (int step = 0; step < steps; step++)
            {
                optimizer.zero_grad();
                Sum().backward();
                foreach (var group in optimizer.ParamGroups) group.LearningRate = rate;
                optimizer.step();
            }
        }

        public void Continue(Trial from)
        {
            using var withoutGradient = torch.no_grad();
            foreach ((Parameter weight, Parameter other) in weights.Zip(from.weights)) weight.copy_(other);
            using var state = new MemoryStream();
            from.optimizer.save_state_dict(new BinaryWriter(state));
            optimizer.load_state_dict(new BinaryReader(new MemoryStream(state.ToArray())));
        }

        public bool IsSame(Trial other) => weights.Zip(other.weights).All(pair => Evaluated.Bits(pair.First, pair.Second));

        public void Dispose() => optimizer.Dispose();

        private Tensor Sum() => weights.Select(weight => weight.square().sum()).Aggregate((one, other) => one + other) / 2;
    }
}
