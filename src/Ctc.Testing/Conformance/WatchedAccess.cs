using Ctc.Engine.Objectives;

namespace Ctc.Testing.Conformance;

/// <summary>Records the quantities that a part reads, and keeps copies of the tensors that it gets, so that writes into them are found.</summary>
internal sealed class WatchedAccess(WatchedTensors watched) : IPartAccess
{
    /// <summary>Gets the quantities read that must be declared.</summary>
    public Needs Read { get; private set; }

    public void Allow(Needs need) => Read |= need;

    public Tensor Note(string quantity, Tensor value) => watched.Watch(quantity, value);
}
