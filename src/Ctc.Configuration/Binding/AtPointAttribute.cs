namespace Ctc.Configuration.Binding;

/// <summary>Says which extension point a property's part, or its list of parts, comes from.</summary>
/// <param name="point">The interface of the point.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AtPointAttribute(Type point) : Attribute
{
    public Type Point { get; } = point;

    /// <summary>Gets or sets the key that names the part among its options; null where the part is written <c>{ name: { options } }</c>.</summary>
    public string? Selector { get; set; }

    /// <summary>Gets or sets the name of the part that is taken where none is written.</summary>
    public string? Default { get; set; }
}
