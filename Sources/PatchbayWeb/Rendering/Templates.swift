import Mustache

/// All templates, compiled once. Pages and fragments share them, so a live update cannot differ from a first render.
enum Templates {
    /// What every template can reach besides its own values: `formToken`, and the page's values as `page`.
    struct Frame {
        let formToken: String
        let page: any Sendable
    }

    static func render(_ template: String, _ model: any Sendable, formToken: String) -> String {
        let frame = Properties(of: Frame(formToken: formToken, page: model))
        guard let text = library.render(frame, withTemplate: template) else {
            preconditionFailure("There is no template \"\(template)\".")
        }
        return text
    }

    static let library: MustacheLibrary = {
        MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
        var library = MustacheLibrary()
        for (name, bytes) in sources {
            let text = String(decoding: bytes, as: UTF8.self)
            do {
                // Each template names its content type itself: a partial does not take over its caller's.
                let body = name.hasPrefix("page-") ? "{{#page}}\(text){{/page}}" : text
                try library.register("{{% CONTENT_TYPE:\(HTMLText.name)}}\(body)", named: name)
            } catch {
                preconditionFailure("Template \"\(name)\" does not parse: \(error)")
            }
        }
        return library
    }()
}
