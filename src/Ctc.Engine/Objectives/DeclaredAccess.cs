namespace Ctc.Engine.Objectives;

/// <summary>Lets a part read what it declares.</summary>
/// <param name="part">The name of the part.</param>
/// <param name="declared">The needs that it declares.</param>
internal sealed class DeclaredAccess(string part, Needs declared) : IPartAccess
{
    /// <inheritdoc/>
    public void Allow(Needs need)
    {
        if (declared.HasFlag(need)) return;
        throw new InvalidOperationException(
            $"The part '{part}' reads {need}, which it does not declare; expected Needs = Needs.{need} in its Part attribute.");
    }
}
