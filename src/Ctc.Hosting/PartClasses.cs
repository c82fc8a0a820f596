using System.Globalization;
using System.Reflection;

namespace Ctc.Hosting;

/// <summary>The classes of a plugin that are parts, checked here because the errors of the composition are less clear.</summary>
internal static class PartClasses
{
    /// <summary>Finds the part classes.</summary>
    /// <param name="types">All types of a plugin.</param>
    /// <returns>One or more classes. Each has a name, and one constructor with its options or without parameters.</returns>
    /// <exception cref="PluginException">A class breaks these rules, or there is none.</exception>
    public static IReadOnlyList<Type> Among(IEnumerable<Type> types)
    {
        Type[] parts = [.. types.Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IPart)))];
        if (parts.Length == 0) throw new PluginException("it holds no parts: no class in it fills an extension point");
        foreach (Type part in parts) Check(part);
        return parts;
    }

    private static void Check(Type part)
    {
        PartAttribute attribute = part.GetCustomAttribute<PartAttribute>()
            ?? throw new PluginException($"its class {part.Name} is a part without a name; expected a Part attribute on it");
        if (attribute.Name is null or "" || attribute.Options is null)
        {
            throw new PluginException(
                $"its class {part.Name} has a Part attribute without a name or an options type; "
                + "expected a name, and a type where there are options");
        }

        // The name is a key of experiments, and is printed by every command.
        if (attribute.Name.Any(letter => char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
        {
            throw new PluginException(
                $"its class {part.Name} has a name with control characters or changes of direction; expected kebab-case, such as label-smoothing");
        }

        if (!ExtensionPoint.All.Any(point => part.IsAssignableTo(point.Interface)))
        {
            throw new PluginException($"its class {part.Name} fills no extension point; expected an interface such as {nameof(ITargetTransform)}");
        }

        bool takesOptions = part.GetConstructors() is [var only]
            && only.GetParameters() is var parameters
            && (parameters.Length == 0 || (parameters.Length == 1 && parameters[0].ParameterType == attribute.Options));
        if (!takesOptions)
        {
            throw new PluginException(
                $"its class {part.Name} has no usable constructor; "
                + $"expected one public constructor, without parameters or with only its options, {attribute.Options.Name}");
        }
    }
}
