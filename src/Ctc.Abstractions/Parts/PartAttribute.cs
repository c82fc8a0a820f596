namespace Ctc;

/// <summary>Exports a part under the name by which experiments select it, with its summary, formula, source and declared needs.</summary>
/// <remarks>The extension points are those whose interfaces the class implements. The attribute is read without creating the part.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PartAttribute : Attribute
{
    /// <summary>Exports a part that takes options.</summary>
    /// <param name="name">kebab-case, unique at its extension point.</param>
    /// <param name="options">A public record whose properties are the options, with defaults, ranges and documentation.</param>
    public PartAttribute(string name, Type options)
    {
        Name = name;
        Options = options;
    }

    /// <summary>Exports a part that takes no options.</summary>
    /// <inheritdoc cref="PartAttribute(string, Type)"/>
    public PartAttribute(string name)
        : this(name, typeof(NoOptions))
    {
    }

    /// <summary>Gets the name by which experiments select the part.</summary>
    public string Name { get; }

    /// <summary>Gets the type of its options.</summary>
    public Type Options { get; }

    /// <summary>Gets or sets a description of the part, in one line.</summary>
    public string Summary { get; set; } = "";

    /// <summary>Gets or sets the formula, in the notation of the project.</summary>
    public string Formula { get; set; } = "";

    /// <summary>Gets or sets the source: authors, title, venue, year.</summary>
    public string Paper { get; set; } = "";

    /// <summary>Gets or sets the options at which the objective is plain CTC, as in YAML: <c>epsilon: 0</c>.</summary>
    public string Neutral { get; set; } = "";

    /// <summary>
    /// Gets or sets the options that must be given, with values to check the part with, as in YAML: <c>half-life: 2</c>. Empty by default; without
    /// it a part with required options is checked only if options are given.
    /// </summary>
    public string Example { get; set; } = "";

    /// <summary>
    /// Gets or sets which quantity the part detaches from autograd, in words. Set it if the gradient is not the derivative of the value, or if second
    /// derivatives are missing. Empty by default: the part has derivatives of any order. The targets of a target transform are detached by
    /// contract and are not declared.
    /// </summary>
    public string Detached { get; set; } = "";

    /// <summary>Gets or sets the quantities that the part needs from the engine.</summary>
    public Needs Needs { get; set; }
}

/// <summary>The options of a part that has none.</summary>
public sealed record NoOptions;
