namespace Ctc.Engine.Objectives;

/// <summary>What happens when a part reads a quantity of its batch.</summary>
public interface IPartAccess
{
    /// <summary>Called before a quantity is computed that a part must declare.</summary>
    /// <param name="need">The need, one flag.</param>
    /// <exception cref="InvalidOperationException">The part may not read it.</exception>
    void Allow(Needs need);

    /// <summary>Called with each tensor before the part gets it.</summary>
    /// <param name="quantity">The name of the quantity.</param>
    /// <param name="value">The tensor.</param>
    /// <returns>What the part gets.</returns>
    Tensor Note(string quantity, Tensor value) => value;
}
