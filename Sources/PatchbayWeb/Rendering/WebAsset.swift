import PatchbayCore

/// A file that a browser fetches: bytes, media type, and a tag made from the content.
struct WebAsset: Sendable {
    let name: String
    let mediaType: String
    let bytes: [UInt8]
    let eTag: String

    init(_ name: String, _ mediaType: String, _ source: [UInt8]) {
        self.name = name
        self.mediaType = mediaType
        self.bytes = LeanText.of(source, isStyle: mediaType.hasPrefix("text/css"))
        self.eTag = "\"\(String(FNV1a(self.bytes).value, radix: 36))\""
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
