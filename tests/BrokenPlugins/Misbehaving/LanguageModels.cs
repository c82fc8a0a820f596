using Ctc;

namespace Misbehaving;

/// <summary>Gives probabilities where their logarithms are expected.</summary>
[Part("chances", Summary = "Gives probabilities.")]
internal sealed class Chances : ILanguageModel
{
    public LanguageUnit Unit => LanguageUnit.Token;

    public int Start => 0;

    public int IndexOf(string unit) => 0;

    public double LogProbability(int state, int unit, out int next) => (next = 0) + 0.5;

    public double LogProbabilityOfEnd(int state) => 0;
}

/// <summary>Counts its calls.</summary>
[Part("worn", Summary = "Finds units less likely with each call.")]
internal sealed class Worn : ILanguageModel
{
    private int calls;

    public LanguageUnit Unit => LanguageUnit.Word;

    public int Start => 0;

    public int IndexOf(string unit) => -1;

    public double LogProbability(int state, int unit, out int next) => (next = 0) - calls++;

    public double LogProbabilityOfEnd(int state) => 0;
}

/// <summary>Computes in a field that its calls share.</summary>
[Part("shared-field", Summary = "Is right on one thread at a time.")]
internal sealed class SharedField : ILanguageModel
{
    private volatile int current;

    public LanguageUnit Unit => LanguageUnit.Token;

    public int Start => 0;

    public int IndexOf(string unit) => unit.Length;

    public double LogProbability(int state, int unit, out int next)
    {
        current = ((state * 31) + unit) & 0xFFFF;
        Thread.SpinWait(100);
        Thread.Yield();
        next = current;
        return -next;
    }

    public double LogProbabilityOfEnd(int state) => 0;
}
