import Mustache

/// An empty text is no value to a section, `{{#note}}…{{/note}}`, as in other dialects of Mustache.
extension String: @retroactive MustacheCustomRenderable {
    public var renderText: String { self }
    public var isNull: Bool { isEmpty }
}
