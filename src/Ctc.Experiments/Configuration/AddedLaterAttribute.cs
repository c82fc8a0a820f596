namespace Ctc.Experiments.Configuration;

/// <summary>Marks an option that a built-in part got later. At the value that says what the part did before, it leaves the identity of runs as it was.</summary>
/// <param name="before">That value.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddedLaterAttribute(object before) : Attribute
{
    public object Before => before;
}
