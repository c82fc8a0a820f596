using System.Reflection;

namespace Ctc;

/// <summary>The values of a part's <see cref="PartAttribute"/>, as read from an export. The properties are the attribute's.</summary>
public sealed class PartMetadata
{
    /// <summary>Creates empty metadata; composition sets the properties.</summary>
    public PartMetadata()
    {
    }

    /// <summary>Creates the metadata from the attribute of a class, without composition.</summary>
    /// <param name="part">A class with a <see cref="PartAttribute"/>.</param>
    /// <exception cref="ArgumentException">The class has no such attribute.</exception>
    public PartMetadata(Type part)
    {
        PartAttribute declared = part.GetCustomAttribute<PartAttribute>()
            ?? throw new ArgumentException($"The class {part.Name} has no Part attribute; expected one that names it.", nameof(part));
        (Name, Options, Summary, Formula) = (declared.Name, declared.Options, declared.Summary, declared.Formula);
        (Paper, Neutral, Detached, Needs) = (declared.Paper, declared.Neutral, declared.Detached, declared.Needs);
        Example = declared.Example;
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
    public string Neutral { get; set => field = WithoutBraces(value); } = "";

    /// <inheritdoc cref="PartAttribute.Example"/>
    public string Example { get; set => field = WithoutBraces(value); } = "";

    /// <inheritdoc cref="PartAttribute.Detached"/>
    public string Detached { get; set; } = "";

    /// <inheritdoc cref="PartAttribute.Needs"/>
    public Needs Needs { get; set; }

    // Braces as in an experiment are accepted.
    private static string WithoutBraces(string? setting) => setting?.Trim() is ['{', .. var inner, '}'] ? inner.Trim() : setting ?? "";
}
