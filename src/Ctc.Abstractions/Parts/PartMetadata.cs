namespace Ctc;

/// <summary>What <see cref="PartAttribute"/> says of a part, as read from an export. The properties are the attribute's.</summary>
public sealed class PartMetadata
{
    /// <inheritdoc cref="PartAttribute.Name"/>
    public string Name { get; set; } = "";

    /// <inheritdoc cref="PartAttribute.Options"/>
    public Type Options { get; set; } = typeof(NoOptions);

    /// <inheritdoc cref="PartAttribute.Summary"/>
    public string Summary { get; set; } = "";

    /// <inheritdoc cref="PartAttribute.Formula"/>
    public string Formula { get; set; } = "";

    /// <inheritdoc cref="PartAttribute.Paper"/>
    public string Paper { get; set; } = "";

    /// <inheritdoc cref="PartAttribute.Neutral"/>
    public string Neutral { get; set; } = "";

    /// <inheritdoc cref="PartAttribute.Needs"/>
    public Needs Needs { get; set; }
}
