using Ctc.Engine.Objectives;
using Ctc.Hosting;

namespace Ctc.Testing.Conformance;

/// <summary>Searches for a batch on which a part fails a check, and shrinks it.</summary>
internal static class CaseSearch
{
    public const int Cases = 4;

    private const int Attempts = 300;

    /// <summary>Runs a check on random batches at every setting.</summary>
    /// <param name="settings">The settings to check the part at.</param>
    /// <param name="fault">The check: returns the fault of the part at a setting on a batch, or null. An exception is a fault too.</param>
    /// <returns>A sentence with setting and batch; null if no fault is found.</returns>
    public static string? Fault(IEnumerable<Setting> settings, Func<Setting, CheckCase, string?> fault)
    {
        foreach (Setting setting in settings)
        {
            for (int seed = 0; seed < Cases; seed++)
            {
                CheckCase drawn = setting.Draw(seed);
                if (FindFault(setting, drawn, fault) is not { } found) continue;
                (CheckCase smallest, string what) = Shrink(drawn, found, smaller => FindFault(setting, smaller, fault));
                return $"{what} (with {setting.Name}; smallest input {smallest})";
            }
        }

        return null;
    }

    /// <summary>Runs a check on one batch; exceptions are returned as faults.</summary>
    public static string? FindFault(Setting setting, CheckCase drawn, Func<Setting, CheckCase, string?> fault) => Caught(() => fault(setting, drawn));

    /// <summary>Runs a check of one setting; exceptions are returned as faults. Disposes its tensors.</summary>
    public static string? Caught(Func<string?> fault)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        try
        {
            return fault();
        }
        catch (Exception failure)
        {
            // The name of the part is known.
            string cause = RootCause.Describe(failure is PartException { InnerException: { } inner } ? inner : failure);
            int native = cause.IndexOf(" Exception raised from", StringComparison.Ordinal); // libtorch's own stack follows
            return native < 0 ? cause : cause[..native];
        }
    }

    // Greedy: continues while a batch with one more element removed fails too.
    private static (CheckCase Smallest, string Fault) Shrink(CheckCase drawn, string found, Func<CheckCase, string?> fault)
    {
        (CheckCase smallest, string what) = (drawn, found);
        int attempts = 0;
        bool shrinks = true;
        while (shrinks && attempts < Attempts)
        {
            shrinks = false;
            foreach (CheckCase smaller in smallest.Smaller())
            {
                if (attempts++ >= Attempts || fault(smaller) is not { } still) continue;
                (smallest, what, shrinks) = (smaller, still, true);
                break;
            }
        }

        return (smallest, what);
    }
}
