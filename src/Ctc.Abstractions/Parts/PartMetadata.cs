using System.Reflection;

namespace Ctc;

/// <summary>What <see cref="PartAttribute"/> says of a part, as read from an export. The properties are the attribute's.</summary>
public sealed class PartMetadata
{
    /// <summary>Starts empty; composition fills the properties in.</summary>
    public PartMetadata()
    {
    }

    /// <summary>Reads the attribute of a part that needs no composition.</summary>
    /// <param name="part">A class with a <see cref="PartAttribute"/>.</param>
    /// <exception cref="ArgumentException">The class has none.</exception>
    public PartMetadata(Type part)
    {
        PartAttribute said = part.GetCustomAttribute<PartAttribute>()
            ?? throw new ArgumentException($"The class {part.Name} has no Part attribute; expected one that names it.");
        (Name, Options, Summary, Formula) = (said.Name, said.Options, said.Summary, said.Formula);
        (Paper, Neutral, Detached, Needs) = (said.Paper, said.Neutral, said.Detached, said.Needs);
    }

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

    /// <inheritdoc cref="PartAttribute.Detached"/>
    public string Detached { get; set; } = "";

    /// <inheritdoc cref="PartAttribute.Needs"/>
    public Needs Needs { get; set; }
}
