"""Files: a signed policy to send one, its verdict, a short-lived link to read it."""

from __future__ import annotations

from chalicelib.contract import Call, Nothing
from schemas.base import FileId, Request
from schemas.uploads import FileLink, UploadPolicy, UploadRequest, UploadStatus
from tean import bootstrap


class FilePath(Request):
    """Which file."""

    file: FileId


def request_upload(call: Call[UploadRequest, Nothing, Nothing]) -> UploadPolicy:
    """申请上传：得到直传存储的表单字段，十分钟内有效"""
    return bootstrap.services().uploads.request_upload(call.member, call.body)


def upload_status(call: Call[Nothing, FilePath, Nothing]) -> UploadStatus:
    """自己上传的一个文件是否已核验"""
    return bootstrap.services().uploads.status(call.member, call.path.file)


def file_link(call: Call[Nothing, FilePath, Nothing]) -> FileLink:
    """本单位一个已核验文件的短时阅读链接"""
    return bootstrap.services().uploads.link(call.member, call.path.file)
