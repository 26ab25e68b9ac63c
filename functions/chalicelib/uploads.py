"""Files: a signed policy to send one, its verdict, a short-lived link to read it."""

from __future__ import annotations

from chalice import Blueprint

from chalicelib.contract import EVERYBODY, Call, Nothing, operation
from schemas.base import FileId, Request
from schemas.uploads import FileLink, UploadPolicy, UploadRequest, UploadStatus
from tean import bootstrap

blueprint = Blueprint(__name__)


class FilePath(Request):
    """Which file."""

    file: FileId


@operation(blueprint, "POST", "/v1/uploads", roles=EVERYBODY, body=UploadRequest, answer=UploadPolicy, status=201)
def request_upload(call: Call[UploadRequest, Nothing, Nothing]) -> UploadPolicy:
    """申请上传：得到直传存储的表单字段，十分钟内有效"""
    return bootstrap.services().uploads.request_upload(call.member, call.body)


@operation(blueprint, "GET", "/v1/uploads/{file}", roles=EVERYBODY, parameters=FilePath, answer=UploadStatus)
def upload_status(call: Call[Nothing, FilePath, Nothing]) -> UploadStatus:
    """自己上传的一个文件是否已核验"""
    return bootstrap.services().uploads.status(call.member, call.path.file)


@operation(blueprint, "GET", "/v1/files/{file}", roles=EVERYBODY, parameters=FilePath, answer=FileLink)
def file_link(call: Call[Nothing, FilePath, Nothing]) -> FileLink:
    """本单位一个已核验文件的短时阅读链接"""
    return bootstrap.services().uploads.link(call.member, call.path.file)
