import NIOCore
import PatchbayCore

/// A file that a browser fetches: its bytes, as they are and packed, and the media type.
struct WebAsset: Sendable {
    let name: String
    let mediaType: String
    let plain: Form
    let packed: Form

    /// Bytes with a tag made from the content; each form of a file has its own (RFC 9110, section 8.8.3.3).
    struct Form: Sendable {
        let bytes: ByteBuffer
        let eTag: String
        let encoding: String?
    }

    init(_ name: String, _ mediaType: String, _ source: [UInt8]) {
        self.name = name
        self.mediaType = mediaType
        let tag = String(FNV1a(source).value, radix: 36)
        self.plain = Form(bytes: ByteBuffer(bytes: source), eTag: "\"\(tag)\"", encoding: nil)
        self.packed =
            Gzip.packed(source).map { Form(bytes: $0, eTag: "\"\(tag)-gzip\"", encoding: "gzip") } ?? self.plain
    }

    static let all: [WebAsset] = [
        WebAsset("patchbay.css", "text/css; charset=utf-8", PackageResources.patchbay_css),
        WebAsset("host.css", "text/css; charset=utf-8", PackageResources.host_css),
        WebAsset("list.css", "text/css; charset=utf-8", PackageResources.list_css),
        WebAsset("placement.css", "text/css; charset=utf-8", PackageResources.placement_css),
        WebAsset("app.js", script, PackageResources.app_js),
        WebAsset("live.js", script, PackageResources.live_js),
        WebAsset("bay.js", script, PackageResources.bay_js),
        WebAsset("host.js", script, PackageResources.host_js),
        WebAsset("list.js", script, PackageResources.list_js),
        WebAsset("preview.js", script, PackageResources.preview_js),
        WebAsset("sheet.js", script, PackageResources.sheet_js),
        WebAsset("filter.js", script, PackageResources.filter_js),
        WebAsset("theme.js", script, PackageResources.theme_js),
        WebAsset("times.js", script, PackageResources.times_js),
        WebAsset("keys.js", script, PackageResources.keys_js),
        WebAsset("icon.svg", "image/svg+xml", PackageResources.icon_svg),
    ]

    private static let script = "text/javascript; charset=utf-8"

    static func named(_ name: String) -> WebAsset? { all.first { $0.name == name } }
}
