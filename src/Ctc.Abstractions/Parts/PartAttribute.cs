namespace Ctc;

/// <summary>Exports a part under the name by which experiments call it, with what a reader wants to know before using it.</summary>
/// <remarks>The extension points are those whose interfaces the class implements. All of this is read without creating the part.</remarks>
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

    /// <summary>Gets the name by which experiments call the part.</summary>
    public string Name { get; }

    /// <summary>Gets the type of its options.</summary>
    public Type Options { get; }

    /// <summary>Gets or sets what the part does, in one line.</summary>
    public string Summary { get; set; } = "";

    /// <summary>Gets or sets the formula, in the letters of the project.</summary>
    public string Formula { get; set; } = "";

    /// <summary>Gets or sets the source: authors, title, venue, year.</summary>
    public string Paper { get; set; } = "";

    /// <summary>Gets or sets the options at which the objective is plain CTC, as in YAML: <c>epsilon: 0</c>.</summary>
    public string Neutral { get; set; } = "";

    /// <summary>
    /// Gets or sets what the part takes for a constant, in words: something of the model's output, and its gradient is not that of its value; or its own
    /// gradient, and there is no second derivative. Empty where both are those of its value: a part that says nothing here has derivatives of any order.
    /// The targets of a target transform are constants by contract, and need no word.
    /// </summary>
    public string Detached { get; set; } = "";

    /// <summary>Gets or sets what the part asks of the engine.</summary>
    public Needs Needs { get; set; }
}

/// <summary>The options of a part that has none.</summary>
public sealed record NoOptions;
